using System.Text.Json.Serialization;

namespace Sharing.Apps;

/// <summary>What came of a push (row A5).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AppPushState>))]
public enum AppPushState
{
    /// <summary>It went out. Whether he looks at it, or drops what comes from this sender, is not told.</summary>
    Sent,

    /// <summary>They are no friends, or there is no such person.</summary>
    NotFriends,

    /// <summary>He takes no lists.</summary>
    NotReceiving,

    /// <summary>The sender shows him nothing.</summary>
    NothingShared,
}
