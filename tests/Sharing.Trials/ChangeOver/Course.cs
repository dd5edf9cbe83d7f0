using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.ChangeOver;

/// <summary>Lets the sources of a schedule do what it says.</summary>
sealed class Course : IDisposable
{
    /// <summary>So many requests, and the library has it, or says that it never will: an origin that lies for ever is not asked for ever.</summary>
    const int MostRequests = 30;

    readonly Schedule _schedule;
    readonly Lock _lock = new();
    readonly List<long> _resets;
    readonly HashSet<(byte[] Version, long Group)> _delivered = [];
    long _landedAfter = -1;
    int _version;
    int _libraryResets;

    public Course(Schedule schedule)
    {
        (_schedule, Origin, Library) = (schedule, schedule.NewOrigin(), new ScriptedLibrary(schedule.Stored) { Piece = schedule.Piece });
        (_resets, _libraryResets) = ([.. schedule.Resets], schedule.LibraryResets);
        Source = Origin;
        if (schedule.Wire is { } wire)
        {
            Wire = new LyingWire(Origin) { Choose = wire.LieAt, Elsewhere = wire.Elsewhere, LastChange = wire.LastChange, Asked = Asked };
            Source = Wire.Source;
        }

        (Origin.Before, Origin.After, Origin.Opened, Library.Before) = (BeforeOriginAsync, AfterOrigin, OpenedOrigin, BeforeLibraryAsync);
    }

    public ScriptedOrigin Origin { get; }

    /// <summary>The origin as it is seen by who asks it.</summary>
    public IContentSource Source { get; }

    LyingWire? Wire { get; }

    public ScriptedLibrary Library { get; }

    /// <summary>Bytes that the origin had delivered when the library had it; -1: it has not.</summary>
    public long LandedAfter => Interlocked.Read(ref _landedAfter);

    /// <summary>How many of the library's bytes were, when it landed, in groups that had not come from the origin, or had come different.</summary>
    public long MissingAtLanding { get; private set; }

    public void Dispose() => Wire?.Dispose();

    void Asked(int number)
    {
        if (number < MostRequests || LandedAfter >= 0)
        {
            return;
        }

        lock (_lock)
        {
            if (LandedAfter < 0 && _schedule.LandsAt is not null)
            {
                Land();
            }
        }

        Library.GiveUp(); // unless it has landed
    }

    async ValueTask<int> BeforeOriginAsync(long at, int count, CancellationToken cancellationToken)
    {
        if (_schedule.Slow)
        {
            await Task.Delay(TimeSpan.FromTicks(1), TimeProvider.System, cancellationToken);
        }

        bool stalls;
        lock (_lock)
        {
            if (LandedAfter < 0 && Origin.Delivered >= _schedule.LandsAt)
            {
                Land();
            }

            stalls = LandedAfter >= 0 && _schedule.StallsAtLanding;
            if (!stalls)
            {
                BreakOff(at, count);
            }

            if (LandedAfter < 0 && _schedule.LandsAt is { } lands)
            {
                count = (int)Math.Min(count, lands - Origin.Delivered);
            }
        }

        if (stalls)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return count;
    }

    void Land()
    {
        MissingAtLanding = 0;
        var (stored, current) = (_schedule.Stored, Origin.Current.Bytes);
        for (var group = 0L; group == 0 || group * Samples.Group < stored.Length; group++)
        {
            var wanted = Samples.GroupOf(stored, group);
            if (!_delivered.Contains((current, group)) || !wanted.SequenceEqual(Samples.GroupOf(current, group)))
            {
                MissingAtLanding += wanted.Length;
            }
        }

        Interlocked.Exchange(ref _landedAfter, Origin.Delivered);
        Library.Land();
    }

    void BreakOff(long at, int count)
    {
        if (_schedule.Changes.TryPeek(out var change) && Origin.Delivered >= change)
        {
            _schedule.Changes.Dequeue();
            _version++;
            Origin.Change(_schedule.Versions[_version], _schedule.Validator(_version));
            throw new IOException("The origin changed.");
        }

        var reset = _resets.FindIndex(r => at <= r && r < at + count);
        if (reset >= 0)
        {
            _resets.RemoveAt(reset);
            throw new IOException("The origin broke off.");
        }
    }

    /// <summary>Where versions cannot be told apart, a new read begins anew.</summary>
    void OpenedOrigin()
    {
        lock (_lock)
        {
            if (!_schedule.HasValidator)
            {
                _delivered.Clear();
            }
        }
    }

    void AfterOrigin(ScriptedOrigin.Version version, long at, int count)
    {
        lock (_lock)
        {
            for (var group = at / Samples.Group; group <= (at + count - 1) / Samples.Group; group++)
            {
                if (at + count >= Math.Min((group + 1) * Samples.Group, version.Bytes.Length))
                {
                    _delivered.Add((version.Bytes, group));
                }
            }
        }
    }

    async ValueTask<int> BeforeLibraryAsync(long at, int count, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (at > 0 && Interlocked.Decrement(ref _libraryResets) >= 0)
        {
            throw new IOException("The library broke off.");
        }

        return count;
    }
}
