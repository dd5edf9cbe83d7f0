using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Who is a member. Thread-safe singleton.</summary>
sealed class MemberBook(IRecordStore records, PeopleStore people, TimeProvider time)
{
    const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    const int IdLetters = 12;

    public static RecordKey KeyOf(PersonId person) => RecordKey.Of("member", person.Value);

    public static RecordKey KeyOf(string mail) => RecordKey.Of("member-mail", mail);

    public ValueTask<Versioned<Member>?> FindAsync(PersonId person, CancellationToken cancellationToken) => records.GetAsync(KeyOf(person), MemberJson.Default.Member, cancellationToken);

    public async ValueTask<Member?> FindAsync(string mail, CancellationToken cancellationToken) =>
        await records.GetAsync(KeyOf(mail), MemberJson.Default.MailOwner, cancellationToken) is { } owner ? (await FindAsync(owner.Value.Person, cancellationToken))?.Value : null;

    public IAsyncEnumerable<Versioned<Member>> ListAsync(CancellationToken cancellationToken) => records.ScanAsync(RecordRange.Under("member"), MemberJson.Default.Member, cancellationToken);

    public ValueTask<bool> HasAdministratorAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken).AnyAsync(static one => one.Value.IsAdministrator, cancellationToken);

    /// <summary>Adds to a batch a new member.</summary>
    /// <exception cref="SharingException">Somebody has his address already.</exception>
    public async ValueTask<Member> AddAsync(RecordBatch batch, string name, string mail, string role, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(KeyOf(mail), cancellationToken) is not null)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "Somebody with this mail address is a member already. Is it you? Then sign in.");
        }

        var member = new Member(PersonId.Parse("m" + RandomNumberGenerator.GetString(Letters, IdLetters)), name, mail, role, time.GetUtcNow());
        batch.Put(KeyOf(member.Id), member, MemberJson.Default.Member, RecordBatch.Absent).Put(KeyOf(mail), new(member.Id), MemberJson.Default.MailOwner, RecordBatch.Absent);
        return member;
    }

    /// <summary>Lets pages and notices know a member's name and address, which a crash may have kept from them.</summary>
    public async Task KnowAsync(Member member, CancellationToken cancellationToken)
    {
        if (!(await people.FindAsync([member.Id], cancellationToken)).ContainsKey(member.Id))
        {
            await people.SaveAsync(new() { Id = member.Id, Name = member.Name, Mail = member.Mail }, cancellationToken);
        }
    }

    /// <summary>Changes a member, but never so that no administrator is left.</summary>
    /// <returns>The member as he is now; <c>null</c>: there is none.</returns>
    /// <exception cref="SharingException">He is the last administrator.</exception>
    public async Task<Member?> ChangeAsync(PersonId person, Func<Member, Member> change, CancellationToken cancellationToken)
    {
        Member? after = null;
        await records.ChangeAsync(
            async batch =>
            {
                after = null;
                if (await FindAsync(person, cancellationToken) is not { } found)
                {
                    return false;
                }

                after = change(found.Value);
                if (found.Value.IsAdministrator && !after.IsAdministrator)
                {
                    var other = await ListAsync(cancellationToken).FirstOrDefaultAsync(one => one.Value.IsAdministrator && one.Value.Id != person, cancellationToken)
                        ?? throw new SharingException(ProblemCodes.NotAllowed, "This is the last administrator. Make somebody else one first.");
                    batch.Check(other.Key, other.Version); // two who take it from each other at the same moment: one of them stays
                }

                batch.Put(found.Key, after, MemberJson.Default.Member, found.Version);
                return true;
            },
            cancellationToken);
        return after;
    }
}
