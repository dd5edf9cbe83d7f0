using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Android's four sizes of screens, by dp of the longer and shorter side: below 470 small, from 640 × 480 large, from 960 × 720 extra large.</summary>
[Flags]
[JsonConverter(typeof(CamelCaseEnumConverter<ScreenSizes>))]
public enum ScreenSizes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Small.</summary>
    Small = 1,

    /// <summary>Normal.</summary>
    Normal = 2,

    /// <summary>Large.</summary>
    Large = 4,

    /// <summary>Extra large.</summary>
    ExtraLarge = 8,

    /// <summary>All of them.</summary>
    All = Small | Normal | Large | ExtraLarge,
}
