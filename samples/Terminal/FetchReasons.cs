using System.Collections.Concurrent;
using Sharing.Offline;

namespace Sharing.Terminal;

/// <summary>Why hosts do not deliver, for the person who waits. A download list says no more than a code, since others may read it; the reason is in the log of
/// the process that fetches, which is that person's own. Thread-safe.</summary>
sealed class FetchReasons : ILoggerProvider
{
    const int Refused = 1100;
    const int Failed = 1101;
    const int Retrying = 1102;
    const int SourceFailed = 1203;

    readonly ConcurrentDictionary<string, (string Text, long At)> _newest = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why an item gets nothing from its origin, without a full stop; <c>null</c>: that is not known, or bytes come.</summary>
    public string? Of(DownloadItem item)
    {
        var address = item.Resource.Address;
        if (item is { State: DownloadState.Running, BytesPerSecond: > 0 })
        {
            _newest.TryRemove(Show(address), out _);
            return null;
        }

        var (own, host) = (_newest.GetValueOrDefault(Show(address)), _newest.GetValueOrDefault(address.Host));
        return item.State == DownloadState.Failed && host.At > own.At ? host.Text : own.Text;
    }

    /// <summary>Whether a reason says already whose it is.</summary>
    public static bool Names(string reason, Uri address) => reason.StartsWith(address.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it would help to allow the address's own host: it is not public, or its port not a usual one.</summary>
    public static bool IsOutOfBounds(string reason, Uri address) =>
        reason.Contains(address.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (reason.EndsWith("is not a public address", StringComparison.Ordinal) || reason.EndsWith("is not open to strangers' addresses", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Listener(this);

    public void Dispose()
    {
    }

    void Note(int id, IReadOnlyList<KeyValuePair<string, object?>> said)
    {
        string? Value(string name) => said.FirstOrDefault(value => value.Key == name).Value?.ToString();
        var about = Value(id == SourceFailed ? "Source" : "Address");
        var reason = Value(id == Retrying ? "Outcome" : "Reason");

        // What a source says of itself is told by its host alone; everything else by the address, too, and that is more exact.
        if (about is not null && reason is not null && (id != SourceFailed || reason.StartsWith(about + " answered", StringComparison.Ordinal)))
        {
            _newest[about] = (reason.TrimEnd('.'), TimeProvider.System.GetTimestamp());
        }
    }

    /// <summary>An address as the log has it.</summary>
    static string Show(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    sealed class Listener(FetchReasons reasons) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is Refused or Failed or Retrying or SourceFailed && state is IReadOnlyList<KeyValuePair<string, object?>> said)
            {
                reasons.Note(eventId.Id, said);
            }
        }
    }
}
