using Amazon.S3;

namespace Sharing.S3;

public sealed partial class S3ContentStore
{
    /// <summary>The longest that a version 4 signature lasts.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public async ValueTask<Uri?> AddressOfAsync(ContentId id, TimeSpan life, string? mediaType, string? disposition, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        RequireLife(life);
        using var passage = _gate.Enter();
        return await Records.GetAsync(S3Records.Object(id), cancellationToken) is not { } record
            ? null
            : await Bucket.AddressAsync(ObjectNames.Data(id, S3Records.ReadObject(record).Name), HttpVerb.GET, life, request =>
                (request.ResponseHeaderOverrides.ContentType, request.ResponseHeaderOverrides.ContentDisposition) = (mediaType, disposition));
    }

    /// <summary>Makes an address to which whoever has it puts all the data of a partial content, in one request and past this host. Whoever opens the key afterwards finds the
    /// bytes, or nothing yet: they are taken over into an object of another name first, so that what is hashed cannot be written over by the same address.</summary>
    /// <param name="key">The key of the partial content. What it holds already is dropped when the bytes have come.</param>
    /// <param name="length">How many bytes, which the request must say (<c>Content-Length</c>): at most 5 GiB, says S3.</param>
    /// <param name="life">How long the address is good for. At most 7 days.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: it is open.</exception>
    public async ValueTask<Uri> UploadAddressAsync(string key, long length, TimeSpan life, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireKey(key);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 5L << 30);
        RequireLife(life);
        using var passage = _gate.Enter();
        var expected = new ExpectedObject(ObjectNames.New(), length);
        while (true)
        {
            if (_open.ContainsKey(key))
            {
                throw ContentLayout.OpenAlready(key);
            }

            var there = await Records.GetAsync(S3Records.Partial(key), cancellationToken);
            var before = there is null ? PartialRecord.New(Time.GetUtcNow()) : S3Records.ParsePartial(there.Json.Span);
            var record = before with { Touched = Time.GetUtcNow(), Expected = expected };
            if ((await Records.CommitAsync(new RecordBatch().Put(S3Records.Partial(key), record, there?.Version ?? RecordBatch.Absent), cancellationToken)).Committed)
            {
                await TryDeleteAsync(before.Expected is { } earlier ? [ObjectNames.Piece(earlier.Name)] : []);
                return await Bucket.AddressAsync(ObjectNames.Piece(expected.Name), HttpVerb.PUT, life, request => request.Headers.ContentLength = length);
            }
        }
    }

    static void RequireLife(TimeSpan life)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(life, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(life, s_longest);
    }

    /// <summary>Takes over what was put at an address, if it has come: into another object. Nothing is deleted before that is committed.</summary>
    async ValueTask<PartialRecord> WithArrivedAsync(PartialRecord record, CancellationToken cancellationToken)
    {
        if (record.Expected is not { } expected || await Bucket.LengthOfAsync(ObjectNames.Piece(expected.Name), cancellationToken) != expected.Length)
        {
            return record;
        }

        var name = ObjectNames.New();
        if (!await Bucket.CopyAsync(ObjectNames.Piece(expected.Name), ObjectNames.Piece(name), cancellationToken)
            || await Bucket.LengthOfAsync(ObjectNames.Piece(name), cancellationToken) != expected.Length)
        {
            throw new IOException("The store could not take over what was put into it.");
        }

        return record with { Pieces = [name], Data = expected.Length == 0 ? [] : [[0, expected.Length, 0, 0]], Groups = [], Expected = null, Map = null };
    }
}
