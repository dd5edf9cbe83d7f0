using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Writes an enum as its camel-case name, and reads nothing else.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class CamelCaseEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
