using Sharing.Core;

namespace Sharing.Offline;

/// <summary>A resource as it is passed through to a plain client: the origin's bytes, changing over to the offline library in the middle when
/// the resource lands there (row R8). What was passed on cannot be taken back, so it changes over only at a place up to which the
/// library's bytes are proven to be the same; where they differ it stays with the origin.</summary>
/// <remarks>Not thread-safe. Memory: two groups, and one hash for each doubling of what was passed on. The origin's read goes on while the landing is
/// looked at, and is given up only once it is decided. If the origin breaks off it is asked again for the rest of the same version, or, if that
/// cannot be had, for a whole one whose beginning is proven to be what was passed on; failing that, reading fails rather than splice.</remarks>
sealed class ChangeOverStream : ReadOnlyStream
{
    const int MaxFailures = 5;

    readonly IContentSource _origin;
    readonly Task<IContentReader?> _landing;
    readonly TimeProvider _time;
    readonly PassedBytes _passed = new();
    readonly byte[] _incoming = new byte[ContentTree.GroupSize];
    readonly CancellationTokenSource _online = new();
    SourceRead? _read;
    Task<int>? _next;
    IContentReader? _library;
    bool _decided;
    bool _ended;
    int _taken;
    int _failures;
    int _looks;

    /// <summary>Goes on with a read from the origin's beginning.</summary>
    /// <param name="origin">The origin.</param>
    /// <param name="first">The read that has begun, at offset 0.</param>
    /// <param name="landing">Ends with a reader when the resource has landed in the library, with <c>null</c> when it never will.</param>
    /// <param name="time">For the rests between tries.</param>
    public ChangeOverStream(IContentSource origin, SourceRead first, Task<IContentReader?> landing, TimeProvider time)
    {
        (_origin, _read, _landing, _time) = (origin, first, landing, time);
        Offer = first.Offer;
    }

    /// <summary>What the origin said of the bytes.</summary>
    public SourceOffer Offer { get; }

    /// <summary>Where the bytes come from now.</summary>
    public SourceKind Kind => _library is null ? SourceKind.Origin : SourceKind.Server;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty && !_ended && _passed.Length != Offer.Length)
        {
            if (!_decided && _landing.IsCompleted)
            {
                await DecideAsync(cancellationToken);
            }

            if ((_library is null ? await ReadOnlineAsync(buffer, cancellationToken) : await ReadStoredAsync(buffer, cancellationToken)) is { } read)
            {
                _ended = read == 0;
                return read;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await (_library?.DisposeAsync() ?? default);
        if (!_decided)
        {
            _decided = true;
            _ = DisposeLandedAsync();
        }

        _online.Dispose();
        await base.DisposeAsync();
    }

    async Task DisposeLandedAsync()
    {
        if (await LandedAsync() is { } unused)
        {
            await unused.DisposeAsync();
        }
    }

    async Task<IContentReader?> LandedAsync()
    {
        await ((Task)_landing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _landing.IsCompletedSuccessfully ? await _landing : null; // whatever went wrong there, the origin goes on alone
    }

    async Task<int?> ReadStoredAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _library!.ReadAsync(ContentArea.Data, _passed.Length, buffer, cancellationToken);
        _passed.Skip(read);
        return read > 0 || _passed.Length == _library.Info.Length ? read : throw new EndOfStreamException("The offline library broke off.");
    }

    /// <summary>Passes on some of the origin's bytes; <c>null</c>: look again.</summary>
    async Task<int?> ReadOnlineAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _next ??= NextAsync();
            if (!await IsThereAsync(_next, cancellationToken))
            {
                return null; // something landed meanwhile
            }

            var (there, read) = (await _next, 0);
            if (there == 0)
            {
                return Offer.Length is null ? 0 : throw new EndOfStreamException("The origin broke off.");
            }

            read = (int)Math.Min(Math.Min(buffer.Length, there - _taken), (Offer.Length ?? long.MaxValue) - _passed.Length);
            _incoming.AsMemory(_taken, read).CopyTo(buffer);
            _passed.Add(_incoming.AsSpan(_taken, read));
            (_taken, _failures) = (_taken + read, 0);
            if (_taken == there)
            {
                (_next, _taken) = (null, 0);
            }

            return read;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SharingException { Code: ProblemCodes.FetchFailed }
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested && !_online.IsCancellationRequested))
        {
            await CloseAsync();
            if (++_failures > MaxFailures)
            {
                throw;
            }

            await IsThereAsync(Task.Delay(TimeSpan.FromMilliseconds(200 << _failures), _time, cancellationToken), cancellationToken);
            return null;
        }
    }

    /// <summary>Waits for a task, or for the landing.</summary>
    /// <returns>Whether the task is done.</returns>
    async Task<bool> IsThereAsync(Task task, CancellationToken cancellationToken)
    {
        var first = _decided || task.IsCompleted ? task : Task.WhenAny(task, _landing);
        await first.WaitAsync(cancellationToken);
        return task.IsCompleted;
    }

    /// <summary>The next of the origin's bytes, into our own buffer: the read may outlive the caller's.</summary>
    async Task<int> NextAsync()
    {
        _read ??= await ReopenAsync(_online.Token);
        return await _read.Body.ReadAsync(_incoming, _online.Token);
    }

    /// <summary>Asks the origin for what follows on the bytes that were passed on.</summary>
    async Task<SourceRead> ReopenAsync(CancellationToken cancellationToken)
    {
        var from = Offer.Validator is null ? 0 : _passed.WholeGroups * ContentTree.GroupSize;
        var read = await _origin.OpenAsync(from, Offer.Validator, cancellationToken);
        if (read.Offset != 0 && (read.Offset != from || read.Offer.Validator != Offer.Validator))
        {
            await read.DisposeAsync();
            read = await _origin.OpenAsync(0, null, cancellationToken);
        }

        try
        {
            var fits = Offer.Length is null || read.Offer.Length is null || read.Offer.Length == Offer.Length;
            return fits && await _passed.IsBeginningAsync(read.Body, read.Offset, cancellationToken)
                ? read
                : throw new SharingException(ProblemCodes.OriginChanged, "The origin's bytes changed in the middle.");
        }
        catch
        {
            await read.DisposeAsync();
            throw;
        }
    }

    /// <summary>Changes over if what was passed on is the beginning of what has landed.</summary>
    async Task DecideAsync(CancellationToken cancellationToken)
    {
        if (await LandedAsync() is not { } reader)
        {
            _decided = true;
            return;
        }

        var same = false;
        try
        {
            same = (Offer.Length is null || Offer.Length == reader.Info.Length) && await _passed.IsBeginningAsync(reader, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SharingException)
        {
            if (++_looks <= MaxFailures)
            {
                return; // looked at again at once
            }
        }

        _decided = true;
        if (same)
        {
            _library = reader;
            await CloseAsync();
        }
        else
        {
            await reader.DisposeAsync();
        }
    }

    /// <summary>Gives up the origin's read.</summary>
    async Task CloseAsync()
    {
        if (_next is { IsCompleted: false } reading)
        {
            await _online.CancelAsync(); // only at the end, or once changed over
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var read = _read;
        (_next, _read, _taken) = (null, null, 0);
        try
        {
            await (read?.DisposeAsync() ?? default);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SharingException)
        {
            // It is given up anyway.
        }
    }
}
