using System.Text.Json.Serialization;

namespace Sharing.Apps;

/// <summary>How a repository's index was brought up to date.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FdroidUpdateKind>))]
public enum FdroidUpdateKind
{
    /// <summary>It was.</summary>
    Current,

    /// <summary>The whole index was fetched.</summary>
    Whole,

    /// <summary>What had changed was fetched.</summary>
    Difference,
}
