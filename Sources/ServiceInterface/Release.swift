/// The version of the programs.
public enum Release {
    /// As Semantic Versioning has it (semver.org).
    public static let version = "0.1.0"
}
