using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>What an item of the download list can be told.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DownloadCommand>))]
public enum DownloadCommand
{
    /// <summary>Stop for now, and keep what is there.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>Remove the item and what it has fetched; a file that was saved stays.</summary>
    Cancel,
}
