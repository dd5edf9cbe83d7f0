using Sharing.Core;

namespace Sharing.Server;

/// <summary>What is kept about members: who they are, where they are signed in, their tokens, and what is under way to their addresses. Secrets are kept as hashes alone, and those are given to nobody.</summary>
sealed class MembersPersonalData(IRecordStore records, MemberBook book, Sessions sessions, OwnTokens tokens, MemberOutbox outbox) : IPersonalData
{
    public string Name => "members";

    public IReadOnlyCollection<string> RecordKinds => ["member", "member-mail", "session", "member-token", "member-link", "sign-in-code"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync("member", records.ScanAsync(RecordRange.One(MemberBook.KeyOf(person)), MemberJson.Default.Member, cancellationToken).Select(static one => one.Value), MemberJson.Default.Member, cancellationToken);
        await archive.AddListAsync(
            "sessions", sessions.ListAsync(person, cancellationToken).Select(static one => new PersonalSession(one.Value.Since, one.Value.Seen, one.Value.Device, one.Value.Label)), MemberJson.Default.PersonalSession, cancellationToken);
        await archive.AddListAsync(
            "tokens", tokens.ListAsync(person, cancellationToken).Select(static one => new PersonalToken(one.Value.Name, one.Value.Rights, one.Value.Created, one.Value.Ends)), MemberJson.Default.PersonalToken, cancellationToken);
        var mail = (await book.FindAsync(person, cancellationToken))?.Value.Mail;
        await archive.AddListAsync(
            "links", LinksOf(person, mail, cancellationToken).Select(static one => new PersonalLink(one.Value.Page, one.Value.Expires, one.Value.Mail, one.Value.Note)), MemberJson.Default.PersonalLink, cancellationToken);
    }

    /// <summary>First what is found by his address, together with him: so nothing of it is begun anew, and what is his alone is found also after a crash.</summary>
    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await records.ChangeAsync(
            async batch =>
            {
                if (await book.FindAsync(person, cancellationToken) is not { } found)
                {
                    return false;
                }

                var mail = found.Value.Mail;
                batch.Delete(found.Key, found.Version).Delete(MemberBook.KeyOf(mail), RecordBatch.Any).Delete(SignInCodes.KeyOf(mail), RecordBatch.Any);
                await outbox.RemoveAsync(batch, new(Code: mail), cancellationToken);
                await foreach (var link in LinksOf(person, mail, cancellationToken))
                {
                    batch.Delete(link.Key, RecordBatch.Any);
                }

                return true;
            },
            cancellationToken);
        await sessions.EndAllAsync(person, null, cancellationToken);
        await tokens.EndAllAsync(person, null, cancellationToken);
        await records.DeleteAllAsync(LinksOf(person, null, cancellationToken).Select(static link => link.Key), cancellationToken);
        return true;
    }

    IAsyncEnumerable<Versioned<StoredLink>> LinksOf(PersonId person, string? mail, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("member-link"), MemberJson.Default.StoredLink, cancellationToken).Where(link => link.Value.Person == person || (mail is not null && link.Value.Mail == mail));
}
