using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>How a file of a shared folder stands.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FolderFileState>))]
public enum FolderFileState
{
    /// <summary>Its turn will come.</summary>
    Waiting = 0,

    /// <summary>It is being hashed.</summary>
    Hashing = 1,

    /// <summary>It is being uploaded; others can fetch it already.</summary>
    Uploading = 2,

    /// <summary>The server has all of it.</summary>
    Shared = 3,

    /// <summary>It was refused, or the server cannot be reached; it is tried again.</summary>
    Failed = 4,

    /// <summary>It was deleted here, and is still shared.</summary>
    Deleted = 5,
}
