import Profiles

extension FindingCode {
    /// What the finding means, for people: what is the case, what comes of it, and what to do.
    var explanation: (title: String, meaning: String, remedy: String) {
        switch self {
        case .unreadableFile:
            (
                "a file or folder cannot be read",
                "It is left out. The message has the system's reason: permissions, a link to nowhere, a file that is too large or no regular file.",
                "Correct the path or its permissions."
            )
        case .emptyFolder:
            (
                "a folder has no profiles",
                "Profiles are files whose names end in .yml, directly in the folder. A mistyped path must not look like one without findings.",
                "Name the folder that has them."
            )
        case .notRead:
            (
                "a file looks like a profile and is not read",
                "Profiles end in .yml.",
                "Rename it."
            )
        case .replacedFile:
            (
                "a file is replaced or masked by another",
                "A file in a later folder replaces those of the same name in earlier ones, and a link to /dev/null masks them.",
                "If that is intended, there is nothing to do. Check now and then whether the replaced file has changed."
            )
        case .outdatedReplacement:
            (
                "a replaced file was reinstalled after its replacement was last changed",
                "The replacement is a copy of an older version, and lacks what has been corrected or tightened since.",
                "Compare the two with 'grater-check diff'. If only the clients differ, use a drop-in instead of the copy."
            )
        case .extendedFile:
            (
                "a drop-in says who a profile is for",
                "The profile's own lists count only where the drop-in says nothing.",
                "If that is intended, there is nothing to do."
            )
        case .dropInKey:
            (
                "a drop-in has a key that is not about who a profile is for",
                "A drop-in cannot change what an application may say. It is not used, and so neither is its profile.",
                "Copy the whole profile to /etc/onion-grater.d, and change that."
            )
        case .emptyDropIn:
            (
                "a drop-in changes nothing",
                "It has no keys.",
                "Name who the profile is for, as in: sockets: ['name']."
            )
        case .brokenDropIn:
            (
                "a profile is left out because of its drop-in",
                "The drop-in cannot be used, and it may be meant to keep clients out, so the profile is not used without it.",
                "Correct the drop-in, or remove it."
            )
        case .idleDropIn:
            (
                "a drop-in has no profile",
                "Its folder is called after a profile that is not there.",
                "Rename the folder after the profile's file, with '.d' at the end, or remove it."
            )
        case .noSuchFilter:
            (
                "a drop-in names a filter that the profile does not have",
                "It is not used, and so neither is its profile.",
                "Correct the name, or leave it out if all filters of the profile are meant."
            )
        case .sameFile:
            (
                "a file has several names",
                "A link in a folder of profiles leads to a profile that is read already. It is read once.",
                "Remove the link, unless another program needs it."
            )
        case .maskedFile:
            (
                "a link to /dev/null masks a profile",
                "It has no filters, on purpose.",
                "If that is intended, there is nothing to do."
            )
        case .notYAML:
            (
                "the file is not YAML",
                "It is left out as a whole.",
                "The message says where the reader lost its way. Put text in single quotes."
            )
        case .unsupportedYAML:
            (
                "the file uses a part of YAML that the profile format leaves out",
                "Anchors, aliases, tags, several documents and deep nesting can hide what a profile says.",
                "Repeat what is meant."
            )
        case .notAList:
            (
                "the file is not a list of filters",
                "A profile is a list, of one filter most of the time.",
                "Begin the filter with '- '."
            )
        case .noFilter:
            (
                "there is no filter in the file",
                "It allows nothing to anybody.",
                "To mask a profile of the same name, link its name to /dev/null."
            )
        case .unknownKey:
            (
                "a key is not part of the profile format",
                "Everything is strict: a misspelt key that is skipped could leave a redaction out.",
                "Correct the spelling. profiles.md has all keys."
            )
        case .repeatedKey:
            (
                "a key is given twice",
                "One of the two would be lost.",
                "Put their contents together."
            )
        case .missingKey:
            (
                "a key is missing",
                "Half a rule means nothing.",
                "Add the key."
            )
        case .wrongType:
            (
                "a value is of another type than the format wants",
                "A list stays a list if it has one element, and a boolean has no quotes.",
                "Write it in the form that the message names."
            )
        case .invalidValue:
            (
                "a value is not one that the key takes",
                "It cannot mean anything.",
                "The message says what the key takes."
            )
        case .invalidName:
            (
                "a word is not the name of a command, event or option",
                "Names have letters, digits, '_' and '-'.",
                "Write the bare name, without '+' and without patterns."
            )
        case .unknownWord:
            (
                "tor knows no command or event of this name",
                "It may be misspelt, or newer than this version of onion-grater.",
                "Correct the spelling."
            )
        case .invalidPattern:
            (
                "a pattern cannot be used",
                "Patterns are regular expressions in Python's syntax, without look-around and backreferences, which no automaton can match in linear time.",
                "The message says what to write instead."
            )
        case .lineBreak:
            (
                "a pattern has a line break in it",
                "Commands are single lines, so nothing can match.",
                "Write it on one line, in single quotes."
            )
        case .invalidReplacement:
            (
                "a replacement cannot be used",
                "Replacements are Python's format strings, restricted to groups of the pattern and the addresses of the connection.",
                "Use {} or {0} for groups, {name} for named ones, {{ and }} for braces."
            )
        case .invalidAnswer:
            (
                "an answer is not one well-formed reply",
                "A client would take its lines for another reply.",
                "Write '250-key=value' lines, and a last one with a space after the code."
            )
        case .unusualAnswer:
            (
                "an answer to GETINFO does not end as tor's do",
                "Libraries expect '250 OK' at the end.",
                "Add '250 OK'."
            )
        case .pythonAlternation:
            (
                "the Python program understands a pattern differently",
                "It appends '$' to a pattern, so of 'a|b' only the last alternative is matched whole: 'axxx' passes there.",
                "Put the alternatives in (?:…)."
            )
        case .pythonSmuggling:
            (
                "the Python program lets further options through",
                "There a value can bring in a second option. Here each option is judged by itself.",
                "For both programs, write values without spaces."
            )
        case .answeredCommand:
            (
                "onion-grater answers a command itself",
                "AUTHENTICATE, PROTOCOLINFO, QUIT and a few others never reach tor, whatever the rules say.",
                "Leave the rules out."
            )
        case .setEventsRules:
            (
                "rules for SETEVENTS are ignored",
                "What may be subscribed to is listed under 'events'.",
                "List the events there."
            )
        case .noRules:
            (
                "a command has no rules",
                "It is denied.",
                "To allow it without arguments, write ['']."
            )
        case .unusedKey:
            (
                "a key has no effect beside another",
                "An answered command has no reply to rewrite, and a suppressed event is never heard.",
                "Leave one of the two out."
            )
        case .oldKey:
            (
                "a key is out of use",
                "It is read for the sake of old profiles, or ignored.",
                "Use the key that the message names; 'grater-check convert' helps."
            )
        case .emptyList:
            (
                "an empty list matches nobody",
                "Every list that is given must have an element that matches.",
                "Leave the key out, or list something."
            )
        case .wideNetwork:
            (
                "an address with host bits means the whole network",
                "10.0.0.1/8 is 10.0.0.0/8.",
                "Write the network, or leave the prefix out."
            )
        case .lacksUsers:
            (
                "'apparmor-profiles' without 'users' matches no local client",
                "So it was in the Python program, and profiles rely on it.",
                "Add users: ['*'] for any user."
            )
        case .matchesNobody:
            (
                "nothing in a filter names an application",
                "No client can match it.",
                "Add 'apparmor-profiles', 'units', 'flatpaks' or 'sockets', or 'hosts' for remote clients."
            )
        case .openPort:
            (
                "a TCP port is the only evidence",
                "A unix socket's file says which users may open it. Every user of the machine may connect to a port.",
                "Add 'users' or 'groups', which the kernel tells of a port's client as well."
            )
        case .userUnit:
            (
                "a unit of a user's manager is the only evidence",
                "Any program of a user can give itself that unit.",
                "Add a label, a Flatpak or a socket."
            )
        case .sharedClients:
            (
                "two filters match the same clients",
                "Such clients are refused: neither filter is used, and both applications stop working.",
                "Tell the filters apart, or unite them."
            )
        case .maybeSharedClients:
            (
                "two filters may match the same client",
                "A client that matches both would be refused.",
                "Tell the filters apart beyond doubt, or unite them."
            )
        case .repeatedName:
            (
                "two filters have the same name",
                "The log does not tell them apart.",
                "Give one of them a 'name'."
            )
        case .neverMatches:
            (
                "a pattern matches nothing that can come",
                "Text is printable ASCII on one line.",
                "Correct the pattern."
            )
        case .neverDecides:
            (
                "a rule never decides",
                "Those before it match all that it does, so it is dead.",
                "Put it first, or leave it out."
            )
        case .deadRewrite:
            (
                "a rewrite is about lines that tor never says there",
                "The redaction that it was meant for does not happen.",
                "Compare it with tor's reply: 'grater-check try FILE COMMAND --reply LINES'."
            )
        case .equalsStar:
            (
                "'=*' matches no value",
                "It means any number of '='. A redaction that is written so fails open.",
                "Write '=.*'."
            )
        case .idleOwnListeners:
            (
                "'own-listeners' has no effect",
                "It is about ADD_ONION, for which there is no rule.",
                "Leave it out, or add the rule."
            )
        case .remoteOwnListeners:
            (
                "'own-listeners' is of no use to remote clients",
                "The kernel cannot tell where a program on another machine listens, so every target here is refused.",
                "Leave it out, and put {client-address} into the 'replacement'."
            )
        case .unknownAcceptance:
            (
                "'accept' names a hazard that does not exist",
                "The catalogue of hazards may have changed, or the name is misspelt.",
                "Correct it; 'grater-check audit' names the hazards."
            )
        case .unusedAcceptance:
            (
                "'accept' names a hazard that no client can reach",
                "What is accepted for no reason hides the next hazard of that kind.",
                "Leave it out."
            )
        case .mistakenSubcommand:
            (
                "a word was taken for a file",
                "It is not a subcommand.",
                "'grater-check --help' lists the subcommands."
            )
        case .repeatedRule:
            (
                "a rule is in both merged profiles",
                "It is kept once.",
                "Nothing need be done."
            )
        case .conversion:
            (
                "something could not be converted as it was",
                "The message says what was left out or changed.",
                "Compare the outcome with the original."
            )
        case .moreFindings:
            (
                "there are more findings than are shown",
                "A file that is wrong from end to end cannot fill the log.",
                "Correct the first ones."
            )
        }
    }
}
