using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Where a chunk can come from.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SourceKind>))]
public enum SourceKind
{
    /// <summary>The HTTP server that the resource came from. Its bytes are unproven until the content id is known.</summary>
    Origin,

    /// <summary>The offline library or another server of Sharing's.</summary>
    Server,

    /// <summary>Another terminal.</summary>
    Peer,
}
