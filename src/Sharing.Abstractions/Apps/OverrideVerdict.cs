using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>What a row of the compatibility table says.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverrideVerdict>))]
public enum OverrideVerdict
{
    /// <summary>It fits, whatever the rules say of hardware; signer and downgrade are asked nevertheless.</summary>
    Allow,

    /// <summary>It does not fit.</summary>
    Deny,

    /// <summary>If it fits, it goes before newer ones.</summary>
    Prefer,
}
