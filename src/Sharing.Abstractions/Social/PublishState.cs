using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Where a post stands at one network.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PublishState>))]
public enum PublishState
{
    /// <summary>It has not been tried yet.</summary>
    Queued,

    /// <summary>The network has it.</summary>
    Sent,

    /// <summary>It will be tried (again) at a time.</summary>
    Waiting,

    /// <summary>The network wants the person to sign in again.</summary>
    NeedsLogin,

    /// <summary>The network, or a rule of this host, refused it for good.</summary>
    Refused,

    /// <summary>It may or may not have arrived, and there is no safe way to find out.</summary>
    Unknown,
}
