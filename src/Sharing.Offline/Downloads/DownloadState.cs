using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>Where an item of the download list stands.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DownloadState>))]
public enum DownloadState
{
    /// <summary>It runs, or waits for its turn.</summary>
    Running,

    /// <summary>It was told to pause.</summary>
    Paused,

    /// <summary>It is complete.</summary>
    Finished,

    /// <summary>It failed; resuming tries again from where it stopped.</summary>
    Failed,
}
