namespace Sharing.Apps;

/// <summary>The mail address that the host knows of a person as his own.</summary>
sealed class MailContacts(IPeople people, IContactNormalizer normalizer) : IOwnContacts
{
    public async ValueTask<IReadOnlyList<string>> OfAsync(PersonId person, CancellationToken cancellationToken = default) =>
        (await people.FindAsync([person], cancellationToken)).GetValueOrDefault(person)?.Mail is { } mail && normalizer.Normalize(mail, "") is { } contact ? [contact] : [];
}
