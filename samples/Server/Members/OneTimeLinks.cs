using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Links that are good once: for the first administrator, for whoever is invited, and for a member who cannot have a code. Thread-safe singleton.</summary>
/// <remarks>The secret stands behind the <c>#</c>, which no browser sends: so it is in no log of this server, of a proxy, or of a page that is gone to. Whoever merely opens a link changes nothing.</remarks>
sealed class OneTimeLinks(IRecordStore records, MemberBook book, MemberOutbox outbox, IOptions<ServerOptions> server, TimeProvider time)
{
    /// <summary>The pages that links lead to.</summary>
    public const string Setup = "setup", Join = "join", Enter = "enter";

    const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    const int IdLetters = 16;

    static readonly TimeSpan s_life = TimeSpan.FromDays(7);

    public static RecordKey KeyOf(string id) => RecordKey.Of("member-link", id);

    /// <summary>Invites somebody.</summary>
    /// <returns>The link; <c>null</c>: it is on its way to the address.</returns>
    public async Task<Uri?> InviteAsync(string? mail, string? note, CancellationToken cancellationToken)
    {
        var (id, link) = (NewId(), new StoredLink(Join, time.GetUtcNow() + s_life, Mail: mail, Note: note));
        if (mail is null || !outbox.IsThere)
        {
            return await WriteAsync(id, link, cancellationToken);
        }

        await records.ChangeAsync(
            async batch =>
            {
                batch.Put(KeyOf(id), link, MemberJson.Default.StoredLink, RecordBatch.Absent);
                await outbox.ScheduleAsync(batch, new(Link: id), cancellationToken);
                return true;
            },
            cancellationToken);
        return null;
    }

    /// <summary>A link by which one member signs in once.</summary>
    public Task<Uri> MakeEntryAsync(PersonId person, CancellationToken cancellationToken) => WriteAsync(NewId(), new(Enter, time.GetUtcNow() + s_life, Person: person), cancellationToken);

    /// <summary>The link by which somebody becomes the first administrator. The one before ends.</summary>
    public Task<Uri> MakeSetupAsync(CancellationToken cancellationToken) => WriteAsync(Setup, new(Setup, time.GetUtcNow() + s_life), cancellationToken);

    /// <summary>Gives an invitation that is mailed its secret, a new one at each attempt: so it is kept nowhere.</summary>
    /// <returns>Whom to send what; <c>null</c>: it is over.</returns>
    public async Task<(string Mail, Uri Address)?> MintAsync(string id, CancellationToken cancellationToken)
    {
        var secret = Tokens.New();
        string? mail = null;
        return await records.ChangeAsync(
            async batch =>
            {
                if (await FindAsync(id, cancellationToken) is not { Value.Mail: not null } found || found.Value.Expires <= time.GetUtcNow())
                {
                    return false;
                }

                mail = found.Value.Mail;
                batch.Put(found.Key, found.Value with { Hash = Tokens.HashOf(secret) }, MemberJson.Default.StoredLink, found.Version);
                return true;
            },
            cancellationToken) ? (mail!, AddressOf(Join, id, secret)) : null;
    }

    /// <summary>Makes somebody a member, or the first administrator, who has a link for it.</summary>
    /// <returns>The member; <c>null</c>: the link is not good, or not any more.</returns>
    /// <exception cref="SharingException">The link is good, but not for this address; it stays.</exception>
    public async Task<Member?> JoinAsync(string page, string token, string name, string mail, CancellationToken cancellationToken)
    {
        Member? member = null;
        await records.ChangeAsync(
            async batch =>
            {
                member = null;
                if (await TakeAsync(batch, page, token, cancellationToken) is not { } link || (page == Setup && await book.HasAdministratorAsync(cancellationToken)))
                {
                    return false;
                }

                if (link.Mail is { } only && only != mail)
                {
                    throw new SharingException(ProblemCodes.InvalidInput, "This invitation is for the mail address that it was made for.");
                }

                member = await book.AddAsync(batch, name, mail, page == Setup ? Member.Administrator : Member.Ordinary, cancellationToken);
                return true;
            },
            cancellationToken);
        return member;
    }

    /// <summary>The member whom a link signs in; <c>null</c>: it is not good, or not any more.</summary>
    public async Task<Member?> EnterAsync(string token, CancellationToken cancellationToken)
    {
        PersonId? person = null;
        await records.ChangeAsync(
            async batch =>
            {
                person = (await TakeAsync(batch, Enter, token, cancellationToken))?.Person;
                return person is not null;
            },
            cancellationToken);
        return person is { } who ? (await book.FindAsync(who, cancellationToken))?.Value : null;
    }

    /// <summary>Links that are not over.</summary>
    public IAsyncEnumerable<Versioned<StoredLink>> ListAsync(CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("member-link"), MemberJson.Default.StoredLink, cancellationToken).Where(link => link.Value.Expires > time.GetUtcNow());

    /// <summary>Ends a link before its time.</summary>
    public async Task EndAsync(string id, CancellationToken cancellationToken) => await records.CommitAsync(new RecordBatch().Delete(KeyOf(id), RecordBatch.Any), cancellationToken);

    public Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken) =>
        MemberSweep.SweepAsync(records, "member-link", MemberJson.Default.StoredLink, link => link.Expires <= time.GetUtcNow(), guard, cancellationToken);

    /// <summary>Adds to a batch that a link is used, if it is good: of all that try at once, one has it.</summary>
    async ValueTask<StoredLink?> TakeAsync(RecordBatch batch, string page, string token, CancellationToken cancellationToken)
    {
        if (token.Split('.') is not [{ Length: > 0 and <= 40 } id, { Length: > 0 and <= 100 } secret] || await FindAsync(id, cancellationToken) is not { Value: { Hash: { } hash } link } found
            || link.Page != page || link.Expires <= time.GetUtcNow() || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Tokens.HashOf(secret)), Encoding.UTF8.GetBytes(hash)))
        {
            return null;
        }

        batch.Delete(found.Key, found.Version);
        return link;
    }

    async Task<Uri> WriteAsync(string id, StoredLink link, CancellationToken cancellationToken)
    {
        var secret = Tokens.New();
        await records.CommitAsync(new RecordBatch().Put(KeyOf(id), link with { Hash = Tokens.HashOf(secret) }, MemberJson.Default.StoredLink, RecordBatch.Any), cancellationToken);
        return AddressOf(link.Page, id, secret);
    }

    ValueTask<Versioned<StoredLink>?> FindAsync(string id, CancellationToken cancellationToken) => records.GetAsync(KeyOf(id), MemberJson.Default.StoredLink, cancellationToken);

    /// <summary>Only ever below the address that the operator set: what a request calls this host is never believed.</summary>
    Uri AddressOf(string page, string id, string secret) => new(server.Value.PublicAddress, $"{page}#{id}.{secret}");

    static string NewId() => RandomNumberGenerator.GetString(Letters, IdLetters);
}
