using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Takes bytes in, part by part, across breaks and restarts, and hands them to the system that they are for.</summary>
/// <remarks>
/// <para>Thread-safe singleton. Created: the record <c>upload/{id}</c> and the space for it, in one commit. Appended: the bytes go to the end of a partial content,
/// whose durable length is the offset; it is kept nowhere else. Completed: the content id is written down, the content is published, and one
/// commit ends the upload and gives the content to its receiver; a crash between those is mended by the next who asks.</para>
/// <para>One writer for each upload, and the newest request wins: the one before it keeps what it has read and ends with <see cref="ProblemCodes.UploadInterrupted"/>.
/// So no dead connection ever holds an upload.</para>
/// <para>What is not the actor's, or is for another purpose, is <c>null</c> or <c>false</c>, like what is not there.</para>
/// </remarks>
public sealed class Uploads
{
    readonly IRecordStore _records;
    readonly IContentStore _store;
    readonly SpaceLedger _space;
    readonly UploadOptions _options;
    readonly TimeProvider _time;
    readonly UploadTurns _turns = new();
    readonly UploadEnding _ending;
    readonly Dictionary<string, IUploadReceiver> _receivers = new(StringComparer.Ordinal);

    /// <summary>Takes uploads for these receivers.</summary>
    /// <exception cref="InvalidOperationException">Two receivers are for one purpose, or a purpose does not fit; the message names them.</exception>
    public Uploads(
        IRecordStore records, IContentStore store, SpaceLedger space, IEnumerable<IUploadReceiver> receivers, IOptions<UploadOptions> options, TimeProvider time)
    {
        (_records, _store, _space, _options, _time) = (records, store, space, options.Value, time);
        _ending = new(records, store, space, _options, time);
        foreach (var receiver in receivers)
        {
            if (receiver.Purpose is not { Length: > 0 and <= 40 } purpose || purpose.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
            {
                throw new InvalidOperationException($"The purpose of {receiver.GetType()} is not 1 to 40 lower-case letters, digits and hyphens.");
            }

            if (!_receivers.TryAdd(purpose, receiver))
            {
                throw new InvalidOperationException($"Both {_receivers[purpose].GetType()} and {receiver.GetType()} take uploads for '{purpose}'.");
            }
        }
    }

    /// <summary>Whether anybody takes uploads for a purpose.</summary>
    public bool Takes(string purpose) => _receivers.ContainsKey(purpose);

    /// <summary>Begins an upload. One of no bytes is complete at once.</summary>
    /// <returns>The upload, or <c>null</c>: nobody takes uploads for that purpose.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.TooLarge"/>, <see cref="ProblemCodes.QuotaExceeded"/>, or whatever code the receiver refuses with.</exception>
    public async Task<Upload?> CreateAsync(PersonId actor, string purpose, UploadRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Length, nameof(request));
        if (!_receivers.TryGetValue(purpose, out var receiver))
        {
            return null;
        }

        if (request.Length > _options.MaxLength)
        {
            throw new SharingException(ProblemCodes.TooLarge, $"An upload has at most {_options.MaxLength} bytes.");
        }

        if (await receiver.AdmitAsync(actor, request, cancellationToken) is { Problem: { } problem } refused)
        {
            throw new SharingException(problem, refused.Message ?? "");
        }

        var (id, now) = (UploadId.New(), _time.GetUtcNow());
        var record = new UploadRecord(actor, purpose, request.Length, request.Metadata.Header, now, now + _options.Expiration);
        var hasRoom = await _records.ChangeAsync(
            async batch =>
            {
                batch.Put(UploadKeys.Upload(id), record, UploadsJson.Default.UploadRecord, RecordBatch.Absent);
                return await _space.ReserveAsync(batch, actor, request.Length, missing => receiver.MakeRoomAsync(batch, actor, missing, cancellationToken), cancellationToken);
            },
            cancellationToken);
        Step.Reached("upload.created");
        return !hasRoom ? throw new SharingException(ProblemCodes.QuotaExceeded, "There is not that much room left for you.")
            : request.Length == 0 ? await FindAsync(actor, purpose, id, cancellationToken)
            : UploadEnding.Show(id, record, 0);
    }

    /// <summary>An upload as it stands. Displaces whoever is sending to it, and ends an upload whose bytes are all there.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.UploadExpired"/>, or whatever code the receiver refuses with.</exception>
    public async Task<Upload?> FindAsync(PersonId actor, string purpose, UploadId id, CancellationToken cancellationToken = default)
    {
        if (await ReadAsync(actor, purpose, id, cancellationToken) is null)
        {
            return null;
        }

        using var turn = await _turns.TakeAsync(id, cancellationToken);
        if (await ReadAsync(actor, purpose, id, cancellationToken) is not { } own)
        {
            return null;
        }

        if (own.Value.Complete)
        {
            return UploadEnding.Show(id, own.Value, own.Value.Length);
        }

        await using var bytes = await OpenAsync(id, own.Value, turn, cancellationToken);
        return await _ending.CompleteAsync(own, _receivers[purpose], bytes, turn.Session, cancellationToken) ?? UploadEnding.Show(id, own.Value, bytes.Offset);
    }

    /// <summary>Appends bytes. Displaces whoever is sending to the upload. What of them has come counts, also when the rest does not.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.WrongOffset"/>, <see cref="ProblemCodes.UploadInterrupted"/>,
    /// <see cref="ProblemCodes.ChecksumMismatch"/>, <see cref="ProblemCodes.TooLarge"/>, <see cref="ProblemCodes.UploadExpired"/>, or whatever code the receiver refuses with.</exception>
    public async Task<Upload?> AppendAsync(PersonId actor, string purpose, UploadId id, UploadPart part, CancellationToken cancellationToken = default)
    {
        if (await ReadAsync(actor, purpose, id, cancellationToken) is null)
        {
            return null;
        }

        using var turn = await _turns.TakeAsync(id, cancellationToken);
        using var body = new UploadBody(part.Bytes, _options.IdleTimeout, _time, turn.Displaced, cancellationToken);
        if (await ReadAsync(actor, purpose, id, cancellationToken) is not { } own)
        {
            return null;
        }

        if (own.Value.Complete)
        {
            RequireFits(part, own.Value.Length, own.Value.Length);
            return UploadEnding.Show(id, own.Value, own.Value.Length);
        }

        await using var bytes = await OpenAsync(id, own.Value, turn, cancellationToken);
        var done = await _ending.CompleteAsync(own, _receivers[purpose], bytes, turn.Session, cancellationToken);
        RequireFits(part, done?.Offset ?? bytes.Offset, own.Value.Length);
        if (done is not null)
        {
            return done;
        }

        await AppendAsync(id, own.Value.Length, bytes, body, part.Checksum);
        own = await _ending.RenewAsync(own);
        return body.Fault is { } fault
            ? throw fault
            : await _ending.CompleteAsync(own, _receivers[purpose], bytes, turn.Session, cancellationToken) ?? UploadEnding.Show(id, own.Value, bytes.Offset);
    }

    /// <summary>Ends an upload: its bytes and its space are given up. One that is complete is only forgotten: what its system has made of it stays.</summary>
    /// <returns>Whether there was such an upload.</returns>
    public async Task<bool> TerminateAsync(PersonId actor, string purpose, UploadId id, CancellationToken cancellationToken = default)
    {
        if (await ReadAsync(actor, purpose, id, cancellationToken) is null)
        {
            return false;
        }

        using var turn = await _turns.TakeAsync(id, cancellationToken);
        return await _ending.DropAsync(id, turn.Session, static _ => true, static _ => { }, cancellationToken);
    }

    /// <summary>Drops an upload of somebody who is to be forgotten, whatever it was for and whether it is complete or not.</summary>
    internal async Task ForgetAsync(UploadId id, PersonId owner, CancellationToken cancellationToken)
    {
        using var turn = await _turns.TakeAsync(id, cancellationToken);
        await _ending.DropAsync(id, turn.Session, record => record.Owner == owner, static _ => { }, cancellationToken);
    }

    /// <summary>Drops what has expired, and ends what a crash left between its bytes and their reference: the sweep of contents would delete those. But for
    /// uploads that somebody is at.</summary>
    internal async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        await foreach (var upload in _records.ScanAsync(UploadKeys.Uploads, UploadsJson.Default.UploadRecord, cancellationToken))
        {
            var id = UploadId.Parse(upload.Key.Part(0));
            var isNamed = upload.Value is { Content: not null, Complete: false };
            if ((!isNamed && !HasExpired(upload.Value)) || _turns.TryTake(id) is not { } turn)
            {
                continue;
            }

            using (turn)
            {
                await (HasExpired(upload.Value)
                    ? _ending.DropAsync(id, turn.Session, HasExpired, guard, cancellationToken)
                    : EndAsync(id, upload.Value, turn, cancellationToken));
            }
        }
    }

    /// <summary>Ends an upload for whom nobody asks. Where that fails, the next sweep, or whoever asks, tries again.</summary>
    async Task EndAsync(UploadId id, UploadRecord seen, UploadTurn turn, CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadAsync(seen.Owner, seen.Purpose, id, cancellationToken) is { Value.Complete: false } own)
            {
                await using var bytes = await OpenAsync(id, own.Value, turn, cancellationToken);
                await _ending.CompleteAsync(own, _receivers[seen.Purpose], bytes, turn.Session, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Its client is told when he asks.
        }
    }

    static void RequireFits(UploadPart part, long offset, long length)
    {
        if (part.Offset != offset)
        {
            throw new SharingException(ProblemCodes.WrongOffset, $"The upload stands at {offset}.");
        }

        if (part.Length > length - offset)
        {
            throw new SharingException(ProblemCodes.TooLarge, "There are more bytes than the upload has.");
        }
    }

    async Task AppendAsync(UploadId id, long length, UploadBytes bytes, UploadBody body, UploadChecksum? checksum)
    {
        if (checksum is null)
        {
            await bytes.AppendAsync(body);
            return;
        }

        await using var staged = await StagedPart.TakeAsync(_store, id, body, checksum, length - bytes.Offset);
        await using var stream = staged.Open();
        using var verified = new UploadBody(stream, _options.IdleTimeout, _time, CancellationToken.None, CancellationToken.None);
        await bytes.AppendAsync(verified);
        if (verified.Fault is { } fault)
        {
            throw fault;
        }
    }

    ValueTask<UploadBytes> OpenAsync(UploadId id, UploadRecord record, UploadTurn turn, CancellationToken cancellationToken) => HasExpired(record)
        ? throw new SharingException(ProblemCodes.UploadExpired, "Nothing came for too long. Begin anew.")
        : UploadBytes.OpenAsync(_store, UploadKeys.Partial(id), record.Length, turn.Session, cancellationToken);

    bool HasExpired(UploadRecord record) => record.Expires <= _time.GetUtcNow();

    async ValueTask<Versioned<UploadRecord>?> ReadAsync(PersonId actor, string purpose, UploadId id, CancellationToken cancellationToken) =>
        await _records.GetAsync(UploadKeys.Upload(id), UploadsJson.Default.UploadRecord, cancellationToken) is { } record
            && record.Value.Owner == actor && record.Value.Purpose == purpose && _receivers.ContainsKey(purpose) ? record : null;
}
