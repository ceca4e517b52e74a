/// What the programs call themselves.
public enum Release {
    /// As Semantic Versioning has it (semver.org).
    public static let version = "0.1.0"
}
