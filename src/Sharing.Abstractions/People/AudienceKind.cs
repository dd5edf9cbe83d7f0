using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>The kinds of audience that a share can have.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AudienceKind>))]
public enum AudienceKind
{
    /// <summary>Only the people named.</summary>
    Named,

    /// <summary>The owner's friends.</summary>
    Friends,

    /// <summary>The owner's friends and followers.</summary>
    Followers,

    /// <summary>Everyone, signed in or not.</summary>
    Everyone,
}
