using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>People's addresses in the records, and who is to be woken. Thread-safe singleton.</summary>
/// <remarks>Records: <c>bearer/{person}/{name}</c>, <c>bearer-of/{name}/{address}</c> says whose a confirmed address is.</remarks>
sealed class BearerBook : IBearers
{
    const int Guesses = 5, CodesAnHour = 3, Attempts = 5;

    static readonly TimeSpan s_codeLife = TimeSpan.FromMinutes(10), s_hour = TimeSpan.FromHours(1), s_patience = TimeSpan.FromSeconds(30), s_visibility = TimeSpan.FromMinutes(2);

    readonly IRecordStore _records;
    readonly MessageOptions _options;
    readonly PushHub _hub;
    readonly TimeProvider _time;
    readonly Dictionary<string, INetworkBearer> _bearers;

    public BearerBook(IRecordStore records, IEnumerable<INetworkBearer> bearers, IOptions<MessageOptions> options, PushHub hub, TimeProvider time)
    {
        (_records, _options, _hub, _time) = (records, options.Value, hub, time);
        _bearers = bearers.ToDictionary(static bearer => bearer.Name, StringComparer.Ordinal);
        Queue = new(records, time, "wake-ups");
    }

    /// <summary>People who are to be woken.</summary>
    public WorkQueue Queue { get; }

    public async Task<IReadOnlyList<BearerBinding>> ListAsync(PersonId actor, CancellationToken cancellationToken = default)
    {
        List<BearerBinding> found = [];
        await foreach (var stored in _records.ScanAsync(RecordRange.Under("bearer", actor.Value), MessageRecords.Default.StoredBinding, cancellationToken))
        {
            if (stored.Value is { Address: { } address })
            {
                found.Add(new(stored.Key.Part(1), address, true));
            }

            if (stored.Value is { Pending: { } pending })
            {
                found.Add(new(stored.Key.Part(1), pending, false));
            }
        }

        return found;
    }

    public async Task BindAsync(PersonId actor, string bearer, string address, CancellationToken cancellationToken = default)
    {
        var by = _bearers.GetValueOrDefault(bearer) ?? throw new SharingException(ProblemCodes.InvalidInput, $"There is no such bearer; there are {string.Join(", ", _bearers.Keys.Order(StringComparer.Ordinal))}.");
        var to = by.AddressOf(address) ?? throw new SharingException(ProblemCodes.InvalidInput, "That is no address of this bearer.");
        var (code, now) = (RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture), _time.GetUtcNow());
        await _records.ChangeAsync(
            async batch =>
            {
                var stored = await ReadAsync(actor, bearer, cancellationToken);
                var asked = (stored?.Value.Asked ?? []).Where(at => at > now - s_hour).ToList();
                if (asked.Count >= CodesAnHour)
                {
                    throw new SharingException(ProblemCodes.LimitReached, $"A code can be asked for {CodesAnHour} times in an hour.");
                }

                batch.Put(KeyOf(actor, bearer), new(stored?.Value.Address, to, HashOf(code), [.. asked, now], 0), MessageRecords.Default.StoredBinding, stored?.Version ?? RecordBatch.Absent);
                return true;
            },
            cancellationToken);
        if (!await by.BringAsync(to, new($"Your code is {code}. It is good for ten minutes.", code, null), cancellationToken))
        {
            throw new SharingException(ProblemCodes.InvalidInput, "Nothing can be brought to that address.");
        }
    }

    public async Task<bool> ConfirmAsync(PersonId actor, string bearer, string code, CancellationToken cancellationToken = default)
    {
        var isRight = false;
        await _records.ChangeAsync(
            async batch =>
            {
                isRight = false;
                if (await ReadAsync(actor, bearer, cancellationToken) is not { Value: { Pending: { } pending, Code: { } hash } binding } stored || binding.Guesses >= Guesses || binding.Asked[^1] + s_codeLife <= _time.GetUtcNow())
                {
                    return false;
                }

                isRight = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(HashOf(code)));
                batch.Put(
                    stored.Key, isRight ? binding with { Address = pending, Pending = null, Code = null, Guesses = 0 } : binding with { Guesses = binding.Guesses + 1 }, MessageRecords.Default.StoredBinding, stored.Version);
                if (isRight)
                {
                    batch.Put(OwnerKeyOf(bearer, pending), actor.Value, MessageRecords.Default.String, RecordBatch.Any);
                    if (binding.Address is { } before && before != pending)
                    {
                        await DisownAsync(batch, actor, OwnerKeyOf(bearer, before), cancellationToken);
                    }
                }

                return true;
            },
            cancellationToken);
        return isRight;
    }

    public Task<bool> RemoveAsync(PersonId actor, string bearer, CancellationToken cancellationToken = default) => _records.ChangeAsync(
        async batch =>
        {
            if (await ReadAsync(actor, bearer, cancellationToken) is not { } stored)
            {
                return false;
            }

            batch.Delete(stored.Key, stored.Version);
            if (stored.Value.Address is { } address)
            {
                await DisownAsync(batch, actor, OwnerKeyOf(bearer, address), cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Forgets all of somebody's addresses, and that he is to be woken.</summary>
    public async Task EraseAsync(PersonId person, CancellationToken cancellationToken)
    {
        await foreach (var binding in _records.ScanAsync(RecordRange.Under("bearer", person.Value), cancellationToken))
        {
            await RemoveAsync(person, binding.Key.Part(1), cancellationToken);
        }

        await foreach (var owner in _records.ScanAsync(RecordRange.Under("bearer-of"), MessageRecords.Default.String, cancellationToken).Where(one => one.Value == person.Value))
        {
            await _records.ChangeAsync(batch => DisownAsync(batch, person, owner.Key, cancellationToken), cancellationToken);
        }

        await _records.ChangeAsync(
            async batch =>
            {
                await Queue.RemoveAsync(batch, person.Value, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Adds to a batch that an address is somebody's no longer. Where another has shown since that it is his, it stays the other's.</summary>
    /// <returns>Whether it was his.</returns>
    async ValueTask<bool> DisownAsync(RecordBatch batch, PersonId person, RecordKey address, CancellationToken cancellationToken)
    {
        if (await _records.GetAsync(address, MessageRecords.Default.String, cancellationToken) is not { } owner || owner.Value != person.Value)
        {
            return false;
        }

        batch.Delete(address, owner.Version);
        return true;
    }

    /// <summary>Whose a confirmed address is; <c>null</c>: nobody's.</summary>
    public async ValueTask<PersonId?> OwnerAsync(string bearer, string address, CancellationToken cancellationToken) =>
        _bearers.GetValueOrDefault(bearer)?.AddressOf(address) is { } one && await _records.GetAsync(OwnerKeyOf(bearer, one), MessageRecords.Default.String, cancellationToken) is { } owner
            && PersonId.Parse(owner.Value) is var person && (await ReadAsync(person, bearer, cancellationToken))?.Value.Address == one ? person : null;

    /// <summary>Adds to a batch that somebody is to be woken, unless he takes his messages by himself before long.</summary>
    public async ValueTask ScheduleAsync(RecordBatch batch, PersonId person, CancellationToken cancellationToken)
    {
        if (_bearers.Count > 0 && await _records.ScanAsync(RecordRange.Under("bearer", person.Value), MessageRecords.Default.StoredBinding, cancellationToken).AnyAsync(static one => one.Value.Address is not null, cancellationToken))
        {
            await Queue.ScheduleOnceAsync(batch, person.Value, _time.GetUtcNow() + s_patience, WorkLoop.NoPayload, cancellationToken);
        }
    }

    /// <summary>Wakes one person who is due: by each of his addresses, unless a terminal of his has taken everything, or is listening.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(s_visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var person = PersonId.Parse(item.Id);
        var last = await new EventLog(_records, MessageKeys.Inbox(person)).LastAsync(cancellationToken);
        var seen = (await _records.GetAsync(MessageKeys.Seen(person, null), MessageRecords.Default.SeenRecord, cancellationToken))?.Value.UpTo ?? 0;
        if (seen < last && !_hub.IsFollowed(MessageKeys.Inbox(person)))
        {
            var words = new BearerWords($"{last - seen} new: {_options.PublicAddress}", null, _options.PublicAddress);
            var (isWoken, isUnsure) = (false, false);
            foreach (var binding in (await ListAsync(person, cancellationToken)).Where(static one => one.IsConfirmed))
            {
                if (_bearers.GetValueOrDefault(binding.Bearer) is { } bearer)
                {
                    var isTaken = await TryBringAsync(bearer, binding.Address, words, cancellationToken);
                    (isWoken, isUnsure) = (isWoken || isTaken == true, isUnsure || isTaken is null);
                }
            }

            if (!isWoken && isUnsure && item.Attempts < Attempts)
            {
                return true; // it comes back
            }
        }

        var done = new RecordBatch();
        item.Complete(done);
        await _records.CommitAsync(done, cancellationToken);
        return true;
    }

    /// <summary>Whatever one bearer does, the others are tried, and nobody is woken twice because another failed.</summary>
    /// <returns>Whether it was taken; <c>null</c>: it failed, and may be tried again.</returns>
    static async Task<bool?> TryBringAsync(INetworkBearer bearer, string address, BearerWords words, CancellationToken cancellationToken)
    {
        try
        {
            return await bearer.BringAsync(address, words, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    ValueTask<Versioned<StoredBinding>?> ReadAsync(PersonId person, string bearer, CancellationToken cancellationToken) =>
        _records.GetAsync(KeyOf(person, bearer), MessageRecords.Default.StoredBinding, cancellationToken);

    static RecordKey KeyOf(PersonId person, string bearer) => RecordKey.Of("bearer", person.Value, bearer);

    static RecordKey OwnerKeyOf(string bearer, string address) => RecordKey.Of("bearer-of", bearer, address);
}
