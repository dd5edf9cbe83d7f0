using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Codes in records, hashed; sent by background work, so that the time of an answer tells nothing. Thread-safe singleton.</summary>
sealed class EntryCodes(IRecordStore records, GrantBook grants, IEnumerable<INotifier> notifiers, TimeProvider time) : IEntryCodes
{
    const int MostPerDay = 5, MostTries = 5, Digits = 8;

    static readonly TimeSpan Life = TimeSpan.FromMinutes(15), Visibility = TimeSpan.FromMinutes(2);

    /// <summary>The grants for which codes are to be mailed.</summary>
    public WorkQueue Queue { get; } = new(records, time, "grant-codes");

    /// <inheritdoc/>
    public async Task SendAsync(GrantId id, CancellationToken cancellationToken = default)
    {
        if (await grants.FindAsync(id, cancellationToken) is { Value: { Address: not null } grant } && !(grant.Until <= time.GetUtcNow()))
        {
            await records.ChangeAsync(
                async batch =>
                {
                    await Queue.ScheduleAsync(batch, id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>Mails one code that was asked for.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var (id, code, now) = (GrantId.Parse(item.Id), RandomNumberGenerator.GetString("0123456789", Digits), time.GetUtcNow());
        string? address = null;
        var may = await records.ChangeAsync(
            async batch =>
            {
                address = (await grants.FindAsync(id, cancellationToken))?.Value.Address;
                if (address is null)
                {
                    item.Complete(batch);
                    await records.CommitAsync(batch, cancellationToken); // unless the work ended with the grant
                    return false;
                }

                var before = await FindAsync(id, cancellationToken);
                var today = DateOnly.FromDateTime(now.UtcDateTime);
                var sent = before?.Value is { } last && last.Day == today ? last.Sent : 0;
                item.Complete(batch);
                if (sent < MostPerDay)
                {
                    batch.Put(KeyOf(id), new(HashOf(id, code), now + Life, 0, today, sent + 1), GrantRecords.Default.StoredCode, before?.Version ?? RecordBatch.Absent);
                }
                else
                {
                    address = null;
                }

                return true;
            },
            cancellationToken);
        if (may && address is not null)
        {
            foreach (var notifier in notifiers)
            {
                await notifier.NotifyAsync(GrantMail.OfCode(code, address, $"code-{id}-{now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}", Life), cancellationToken);
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task<string?> EnterAsync(GrantId id, string code, CancellationToken cancellationToken = default)
    {
        var (digits, now) = (string.Concat(code.Where(char.IsAsciiDigit)), time.GetUtcNow());
        string? address = null;
        await records.ChangeAsync(
            async batch =>
            {
                address = null;
                if (await FindAsync(id, cancellationToken) is not { } found || found.Value is not { Hash.Length: > 0, Tries: < MostTries } stored || stored.Expires <= now)
                {
                    return false;
                }

                var fits = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(id, digits)), Encoding.ASCII.GetBytes(stored.Hash));
                address = fits ? (await grants.FindAsync(id, cancellationToken))?.Value.Address : null;
                batch.Put(found.Key, fits ? stored with { Hash = "" } : stored with { Tries = stored.Tries + 1 }, GrantRecords.Default.StoredCode, found.Version);
                return true;
            },
            cancellationToken);
        return address;
    }

    ValueTask<Versioned<StoredCode>?> FindAsync(GrantId id, CancellationToken cancellationToken) => records.GetAsync(KeyOf(id), GrantRecords.Default.StoredCode, cancellationToken);

    static string HashOf(GrantId id, string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{id} {code}")));

    public static RecordKey KeyOf(GrantId id) => RecordKey.Of("grant-code", id.Value);
}
