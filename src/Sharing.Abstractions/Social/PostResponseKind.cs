using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>What a response is.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PostResponseKind>))]
public enum PostResponseKind
{
    /// <summary>Somebody wrote something to it.</summary>
    Comment,

    /// <summary>Somebody shared it on.</summary>
    Reshare,

    /// <summary>Somebody likes it.</summary>
    Like,
}
