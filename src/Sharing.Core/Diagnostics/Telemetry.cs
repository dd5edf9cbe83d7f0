using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sharing.Core;

/// <summary>What an operator can watch: the meter and the activity source "Sharing" (docs/watching.md). Costs next to nothing while nobody listens.</summary>
static class Telemetry
{
    public const string Name = "Sharing";

    static readonly Meter s_meter = new(Name);
    static readonly Histogram<double> s_commits = s_meter.CreateHistogram<double>("sharing.records.commit.duration", "s", "Commits of records, by outcome.");
    static readonly Histogram<double> s_work = s_meter.CreateHistogram<double>("sharing.work.duration", "s", "Pieces of work, by queue and outcome.");
    static readonly Histogram<double> s_lag = s_meter.CreateHistogram<double>("sharing.work.lag", "s", "How long after it was due a piece of work was begun, by queue.");
    static readonly Counter<long> s_transferred = s_meter.CreateCounter<long>("sharing.transfer.io", "By", "Bytes brought by transfers, by kind of source.");
    static readonly Counter<long> s_uploads = s_meter.CreateCounter<long>("sharing.upload.ended", "{upload}", "Uploads that are complete, by purpose.");
    static readonly Counter<long> s_uploaded = s_meter.CreateCounter<long>("sharing.upload.io", "By", "The length of uploads that are complete, by purpose.");
    static readonly Counter<long> s_swept = s_meter.CreateCounter<long>("sharing.sweep.io", "By", "The length of contents that were deleted.");
    static readonly Counter<long> s_damaged = s_meter.CreateCounter<long>("sharing.scrub.damaged", "{content}", "Contents found damaged or missing.");

    /// <summary>Pieces of work, each as an activity.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    public static void Committed(string outcome, TimeSpan took) => s_commits.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Worked(string queue, string outcome, TimeSpan took) => s_work.Record(took.TotalSeconds, new("queue", queue), new("outcome", outcome));

    public static void Claimed(string queue, TimeSpan lag) => s_lag.Record(Math.Max(0, lag.TotalSeconds), new KeyValuePair<string, object?>("queue", queue));

    public static void Transferred(SourceKind kind, int bytes) => s_transferred.Add(
        bytes, new KeyValuePair<string, object?>("source", kind switch { SourceKind.Origin => "origin", SourceKind.Server => "server", _ => "peer" }));

    public static void Uploaded(string purpose, long bytes)
    {
        s_uploads.Add(1, new KeyValuePair<string, object?>("purpose", purpose));
        s_uploaded.Add(bytes, new KeyValuePair<string, object?>("purpose", purpose));
    }

    public static void Swept(long bytes) => s_swept.Add(bytes);

    public static void Damaged() => s_damaged.Add(1);
}
