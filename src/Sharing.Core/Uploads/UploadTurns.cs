namespace Sharing.Core;

/// <summary>One writer for each upload, and the newest request wins: whoever comes tells those before him to stop reading, and goes on as soon as they have
/// let go. Thread-safe.</summary>
sealed class UploadTurns
{
    readonly Lock _lock = new();
    readonly Dictionary<UploadId, UploadSession> _sessions = [];

    /// <summary>Displaces whoever has the turn or waits for it, and waits until it is ours.</summary>
    public async ValueTask<UploadTurn> TakeAsync(UploadId id, CancellationToken cancellationToken)
    {
        var turn = Join(id, displace: true)!;
        try
        {
            await turn.Session.One.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(id, turn.Session);
            throw;
        }

        return turn;
    }

    /// <summary>Takes the turn only if nobody has it or waits for it.</summary>
    public UploadTurn? TryTake(UploadId id)
    {
        if (Join(id, displace: false) is not { } turn)
        {
            return null;
        }

        if (turn.Session.One.Wait(0, CancellationToken.None))
        {
            return turn;
        }

        Leave(id, turn.Session);
        return null;
    }

    UploadTurn? Join(UploadId id, bool displace)
    {
        UploadSession session;
        CancellationTokenSource? older;
        var mine = new CancellationTokenSource();
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out session!))
            {
                _sessions[id] = session = new();
            }

            if (!displace && session.Users > 0)
            {
                return null;
            }

            session.Users++;
            (older, session.Newest) = (session.Newest, mine);
        }

        _ = older?.CancelAsync();
        return new(
            session,
            () =>
            {
                session.One.Release();
                Leave(id, session);
            },
            mine.Token);
    }

    void Leave(UploadId id, UploadSession session)
    {
        lock (_lock)
        {
            // What is known of the hashes is worth keeping until the upload has ended.
            if (--session.Users == 0 && (session.HasEnded || session.HashedTo == 0))
            {
                _sessions.Remove(id);
            }
        }
    }
}
