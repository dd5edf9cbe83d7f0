using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>Where a content stands on its way out.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ContentState>))]
enum ContentState
{
    /// <summary>Referred to.</summary>
    Live,

    /// <summary>Referred to by nobody; a reference revives it.</summary>
    Condemned,

    /// <summary>Its bytes are going or gone; nothing revives it.</summary>
    Deleting,
}
