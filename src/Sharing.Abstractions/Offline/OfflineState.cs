using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>How far the offline library is with a resource.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OfflineState>))]
public enum OfflineState
{
    /// <summary>It is waiting for its turn, or being fetched.</summary>
    Fetching,

    /// <summary>It is there.</summary>
    Stored,

    /// <summary>It could not be fetched; it is tried again when somebody asks for it again.</summary>
    Failed,
}
