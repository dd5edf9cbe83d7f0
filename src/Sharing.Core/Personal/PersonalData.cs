using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>Gives people all that the host keeps about them, and erases them: every <see cref="IPersonalData"/> that is registered, one after the other. Thread-safe singleton.</summary>
/// <remarks>
/// <para>An erasure is durable work: it goes on after a crash, on whichever host, until every part says that nothing is left, and then sees to it that the records' own files
/// hold nothing of it either (<see cref="IRecordErasure"/>). Contents that nobody else needs go with the sweep (<see cref="SweepOptions"/>).</para>
/// <para>Whoever is being erased can change nothing more over HTTP. Once it is done, the same <see cref="PersonId"/> begins as somebody new: whether he may sign in is the host's business.</para>
/// <para>Record: <c>erasure/{hash}</c>.</para>
/// </remarks>
public sealed class PersonalData
{
    const int Most = 50; // parts named in a record

    static readonly TimeSpan s_visibility = TimeSpan.FromMinutes(10), s_again = TimeSpan.FromSeconds(30), s_longestWait = TimeSpan.FromMinutes(30);

    readonly IRecordStore _records;
    readonly IContentStore _contents;
    readonly IReadOnlyList<IPersonalData> _parts;
    readonly TimeProvider _time;
    readonly ILogger<PersonalData> _logger;

    /// <summary>Gives and erases what the parts keep.</summary>
    /// <exception cref="InvalidOperationException">Two parts have the same name, or answer for the same kind of record.</exception>
    public PersonalData(IRecordStore records, IContentStore contents, IEnumerable<IPersonalData> parts, TimeProvider time, ILogger<PersonalData> logger)
    {
        (_records, _contents, _parts, _time, _logger) = (records, contents, [.. parts.OrderBy(static part => part switch { PeoplePersonalData => 2, UploadsPersonalData => 1, _ => 0 })], time, logger); // others give back his room, and may have to ask who he is
        Queue = new(records, time, "erase");
        foreach (var twice in _parts.GroupBy(static part => part.Name, StringComparer.Ordinal).Concat(_parts.SelectMany(static part => part.RecordKinds.Select(kind => (kind, part)))
            .GroupBy(static one => one.kind, static one => one.part, StringComparer.Ordinal)).Where(static group => group.Count() > 1))
        {
            throw new InvalidOperationException($"Two parts of the host answer for the personal data '{twice.Key}'.");
        }
    }

    internal WorkQueue Queue { get; }

    /// <summary>Writes a ZIP archive of all that is kept about the actor: a folder for each part, lists as JSON, files under their own names.</summary>
    /// <param name="actor">Whose data.</param>
    /// <param name="to">Where the archive goes; it is written from beginning to end, and left open.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ExportAsync(PersonId actor, Stream to, CancellationToken cancellationToken = default)
    {
        await using var held = new HeldWrites(to);
        await using (var zip = await ZipArchive.CreateAsync(held, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken))
        {
            await WriteAsync(actor, zip, cancellationToken);
        }

        await held.FlushAsync(cancellationToken);
    }

    async Task WriteAsync(PersonId actor, ZipArchive zip, CancellationToken cancellationToken)
    {
        var archive = new PersonalArchive(zip, _contents, _time);
        await archive.AddListAsync("about", OneAsync(new ArchiveHead(actor, _time.GetUtcNow(), [.. _parts.Select(static part => part.Name)])), PersonalJson.Default.ArchiveHead, cancellationToken);
        foreach (var part in _parts)
        {
            archive.Part = part.Name;
            await part.ExportAsync(actor, archive, cancellationToken);
        }

        await archive.EndAsync(cancellationToken);
    }

    /// <summary>Begins to erase the actor; idempotent. It cannot be taken back.</summary>
    public async Task<ErasureState> EraseAsync(PersonId actor, CancellationToken cancellationToken = default)
    {
        var (key, state) = (KeyOf(actor), default(ErasureState)!);
        await _records.ChangeAsync(
            async batch =>
            {
                var before = await _records.GetAsync(key, PersonalJson.Default.StoredErasure, cancellationToken);
                if (before?.Value.Person is not null)
                {
                    state = before.Value.State;
                    return false;
                }

                state = new(_time.GetUtcNow(), [.. _parts.Select(static part => part.Name).Take(Most)]);
                batch.Put(key, new(actor, state), PersonalJson.Default.StoredErasure, before?.Version ?? RecordBatch.Absent);
                await Queue.ScheduleAsync(batch, HashOf(actor), _time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                return true;
            },
            cancellationToken);
        return state;
    }

    /// <summary>How far an erasure is; <c>null</c>: nobody has asked for it.</summary>
    public async ValueTask<ErasureState?> StateAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        (await _records.GetAsync(KeyOf(actor), PersonalJson.Default.StoredErasure, cancellationToken))?.Value.State;

    /// <summary>Goes on with one erasure that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(s_visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var key = RecordKey.Of("erasure", item.Id);
        var batch = new RecordBatch();
        if (await _records.GetAsync(key, PersonalJson.Default.StoredErasure, cancellationToken) is not { } erasure)
        {
            item.Complete(batch);
        }
        else if (erasure.Value.Person is not { } person)
        {
            // Nothing names him any more, and now neither do the files.
            await (_records is IRecordErasure files ? files.EraseAsync(cancellationToken) : Task.CompletedTask);
            item.Complete(batch);
            batch.Put(key, erasure.Value with { State = erasure.Value.State with { Done = _time.GetUtcNow() } }, PersonalJson.Default.StoredErasure, erasure.Version);
        }
        else
        {
            var left = await LeftAsync(person, erasure.Value.State.Since, cancellationToken);
            left = left.Count > 0 ? left : await LeftAsync(person, erasure.Value.State.Since, cancellationToken); // what others did for him before his last relationship ended
            batch.Put(key, new(left.Count == 0 ? null : person, erasure.Value.State with { WaitsFor = [.. left.Take(Most)] }), PersonalJson.Default.StoredErasure, erasure.Version);
            item.Retry(batch, _time.GetUtcNow() + (left.Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(s_longestWait.Ticks, s_again.Ticks * item.Attempts))));
        }

        await _records.CommitAsync(batch, cancellationToken);
        return true;
    }

    /// <summary>Whether somebody is being erased: he can change nothing meanwhile.</summary>
    public async ValueTask<bool> IsBeingErasedAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        await _records.GetAsync(KeyOf(actor), PersonalJson.Default.StoredErasure, cancellationToken) is { Value.Person: not null };

    /// <summary>Has each part erase. One that fails does not keep the others from it, but for who he is: it may have to ask that (his mail address, by which others named him) when it is called again.</summary>
    async Task<List<string>> LeftAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (left, hasFailed) = (new List<string>(), false);
        foreach (var part in _parts)
        {
            if (hasFailed && part is PeoplePersonalData)
            {
                left.Add(part.Name);
                continue;
            }

            try
            {
                if (!await part.EraseAsync(person, since, cancellationToken))
                {
                    left.Add(part.Name);
                }
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                PersonalLog.PartFailed(_logger, part.Name, fault);
                left.Add(part.Name);
                hasFailed = true;
            }
        }

        return left;
    }

    static async IAsyncEnumerable<T> OneAsync<T>(T value)
    {
        await Task.CompletedTask;
        yield return value;
    }

    static RecordKey KeyOf(PersonId person) => RecordKey.Of("erasure", HashOf(person));

    static string HashOf(PersonId person) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person.Value)));
}
