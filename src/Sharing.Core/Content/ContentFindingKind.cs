using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>What an audit of contents can find.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ContentFindingKind>))]
public enum ContentFindingKind
{
    /// <summary>Nobody refers to it. In order: the sweep takes it away.</summary>
    Unreferenced,

    /// <summary>Somebody refers to it, and the store does not have it.</summary>
    Missing,

    /// <summary>Its length is not the one that was recorded.</summary>
    Damaged,

    /// <summary>Its count of references is not their number, so it would be deleted too early or never.</summary>
    WrongCount,
}
