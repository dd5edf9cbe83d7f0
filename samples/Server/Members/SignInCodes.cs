using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>How a guess at a code ended.</summary>
enum Guess
{
    /// <summary>It was not looked at: there is no code, or not any more.</summary>
    Closed,

    /// <summary>It was looked at, and is wrong.</summary>
    Wrong,

    /// <summary>It is right, and the code is used.</summary>
    Right,
}

/// <summary>Codes that are mailed, six digits each. All is counted in records, so that hosts count together, and each guess in a commit, so that guesses at the same moment do. Thread-safe singleton.</summary>
/// <remarks>An address that nobody here has is treated as one that somebody has, up to the mail: so neither an answer nor its time tells who is a member.</remarks>
sealed class SignInCodes(IRecordStore records, MemberOutbox outbox, TimeProvider time)
{
    public const int MostTries = 5, MostForMail = 5, MostFromNetwork = 20;

    const int Digits = 6, SaltBytes = 32, NetworkBytes = 8;

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    static readonly TimeSpan s_counted = TimeSpan.FromHours(1);

    /// <summary>Asks for a code.</summary>
    /// <param name="mail">For whom.</param>
    /// <param name="from">Where the question comes from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether that many questions may come from there. Whether a mail goes out is not told.</returns>
    public async Task<bool> AskAsync(string mail, IPAddress? from, CancellationToken cancellationToken)
    {
        var may = false;
        await records.ChangeAsync(
            async batch =>
            {
                var (now, network) = (time.GetUtcNow(), RecordKey.Of("sign-in-limit", HashOf(NetworkOf(from))));
                var counted = await records.GetAsync(network, MemberJson.Default.StoredLimit, cancellationToken);
                var asked = Recent(counted?.Value.Asked, now);
                may = asked.Count < MostFromNetwork;
                if (!may)
                {
                    return false;
                }

                batch.Put(network, new([.. asked, now]), MemberJson.Default.StoredLimit, counted?.Version ?? RecordBatch.Absent);
                var found = await records.GetAsync(KeyOf(mail), MemberJson.Default.StoredCode, cancellationToken);
                var before = Recent(found?.Value.Asked, now);
                if (before.Count < MostForMail)
                {
                    batch.Put(KeyOf(mail), (found?.Value ?? new([])) with { Asked = [.. before, now] }, MemberJson.Default.StoredCode, found?.Version ?? RecordBatch.Absent);
                    await outbox.ScheduleAsync(batch, new(Code: mail), cancellationToken);
                }

                return true;
            },
            cancellationToken);
        return may;
    }

    /// <summary>Makes the code that was asked for; the one before ends.</summary>
    /// <returns>The code, which is kept nowhere else; <c>null</c>: nobody asks any more.</returns>
    public async Task<string?> MintAsync(string mail, CancellationToken cancellationToken)
    {
        var (code, salt) = (RandomNumberGenerator.GetString("0123456789", Digits), RandomNumberGenerator.GetHexString(SaltBytes * 2));
        return await records.ChangeAsync(
            async batch =>
            {
                if (await FindAsync(mail, cancellationToken) is not { } found)
                {
                    return false;
                }

                batch.Put(found.Key, new(found.Value.Asked, salt, HashOf(salt, code), time.GetUtcNow() + Life), MemberJson.Default.StoredCode, found.Version);
                return true;
            },
            cancellationToken) ? code : null;
    }

    /// <summary>Looks at a guess, unless there were too many.</summary>
    public async Task<Guess> EnterAsync(string mail, string code, CancellationToken cancellationToken)
    {
        var (digits, guess) = (string.Concat(code.Where(char.IsAsciiDigit)), Guess.Closed);
        await records.ChangeAsync(
            async batch =>
            {
                guess = Guess.Closed;
                if (await FindAsync(mail, cancellationToken) is not { Value: { Salt: { } salt, Hash: { } hash, Tries: < MostTries } stored } found || stored.Expires <= time.GetUtcNow())
                {
                    return false;
                }

                var fits = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(salt, digits)), Encoding.ASCII.GetBytes(hash));
                batch.Put(found.Key, fits ? stored with { Salt = null, Hash = null } : stored with { Tries = stored.Tries + 1 }, MemberJson.Default.StoredCode, found.Version);
                guess = fits ? Guess.Right : Guess.Wrong;
                return true;
            },
            cancellationToken);
        return guess;
    }

    public ValueTask<Versioned<StoredCode>?> FindAsync(string mail, CancellationToken cancellationToken) => records.GetAsync(KeyOf(mail), MemberJson.Default.StoredCode, cancellationToken);

    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await MemberSweep.SweepAsync(records, "sign-in-code", MemberJson.Default.StoredCode, code => code.Expires <= now && Recent(code.Asked, now).Count == 0, guard, cancellationToken);
        await MemberSweep.SweepAsync(records, "sign-in-limit", MemberJson.Default.StoredLimit, limit => Recent(limit.Asked, now).Count == 0, guard, cancellationToken);
    }

    public static RecordKey KeyOf(string mail) => RecordKey.Of("sign-in-code", HashOf(mail));

    /// <summary>What is counted together: an IPv4 address, or the 64 bits by which networks of IPv6 are given out.</summary>
    static string NetworkOf(IPAddress? from) => from switch
    {
        null => "nowhere",
        { IsIPv4MappedToIPv6: true } => from.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(from.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => from.ToString(),
    };

    static List<DateTimeOffset> Recent(IReadOnlyList<DateTimeOffset>? asked, DateTimeOffset now) => [.. (asked ?? []).Where(at => at + s_counted > now)];

    static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static string HashOf(string salt, string code) => Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(salt), Encoding.ASCII.GetBytes(code)));
}
