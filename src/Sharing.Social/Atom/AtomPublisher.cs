using System.Globalization;
using System.Security.Cryptography;
using System.Xml;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Publishes in a feed of the person's own (RFC 4287), which any feed reader, podcast client or download manager follows: each post is an entry, its resource the enclosure. A feed begins when
/// its person connects, under an address that nobody can guess; no token is needed. Thread-safe singleton.</summary>
/// <remarks>Records: <c>feed/{id}</c> says whose it is, <c>feed-of/{person}</c> which.</remarks>
sealed class AtomPublisher : ISocialPublisher, IAccountSignIn, IFeeds
{
    const string Space = "http://www.w3.org/2005/Atom";

    readonly IRecordStore _records;
    readonly IPeople _people;
    readonly AtomOptions _options;
    readonly OwnPosts _posts;
    readonly TimeProvider _time;

    public AtomPublisher(IRecordStore records, IPeople people, IOptions<AtomOptions> options, TimeProvider time)
    {
        (_records, _people, _options, _posts, _time) = (records, people, options.Value, Posts(records), time);
        Traits = new() { Network = _options.Network, Retry = RetrySafety.ClientChosenId, Audiences = [AudienceKind.Everyone], CanUpdate = true, NeedsToken = false };
    }

    public PublisherTraits Traits { get; }

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await _records.GetAsync(PersonKey(account.Owner), FederationJson.Default.String, cancellationToken) is not { } id)
        {
            return post.Withdrawn ? PublishOutcome.Sent(post.Key) : PublishOutcome.NeedsLogin("You have no feed yet: connect.");
        }

        return await _posts.WriteAsync(new(id.Value, post with { RemoteId = null }, _time.GetUtcNow()), cancellationToken) is null
            ? PublishOutcome.Refused("Another post has that key.") : PublishOutcome.Sent(post.Key, AddressOf(id.Value));
    }

    public async Task<Account> SignInAsync(Account account, CancellationToken cancellationToken)
    {
        var id = "";
        await _records.ChangeAsync(
            async batch =>
            {
                if (await _records.GetAsync(PersonKey(account.Owner), FederationJson.Default.String, cancellationToken) is { } known)
                {
                    id = known.Value;
                    return false;
                }

                id = RandomNumberGenerator.GetHexString(32, lowercase: true);
                batch.Put(PersonKey(account.Owner), id, FederationJson.Default.String, RecordBatch.Absent).Put(FeedKey(id), account.Owner.Value, FederationJson.Default.String, RecordBatch.Absent);
                return true;
            },
            cancellationToken);
        return account with { Name = AddressOf(id).ToString() };
    }

    public async Task<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        if (id.Length != 32 || id.AsSpan().ContainsAnyExcept("0123456789abcdef") || await _records.GetAsync(FeedKey(id), FederationJson.Default.String, cancellationToken) is not { } owner)
        {
            return null;
        }

        var person = PersonId.Parse(owner.Value);
        var name = (await _people.FindAsync([person], cancellationToken)).GetValueOrDefault(person)?.Name ?? person.Value;
        var (entries, _) = await _posts.ListAsync(id, _options.Entries, cancellationToken);
        using var text = new MemoryStream();
        using (var xml = XmlWriter.Create(text, new() { Encoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CheckCharacters = false }))
        {
            Write(xml, id, name, entries);
        }

        return text.ToArray();
    }

    internal Uri AddressOf(string id) => new(_options.PublicAddress, $"feeds/{id}.atom");

    /// <summary>What stands in feeds.</summary>
    internal static OwnPosts Posts(IRecordStore records) => new(records, "feed-entry");

    void Write(XmlWriter xml, string id, string name, IReadOnlyList<StoredNote> entries)
    {
        xml.WriteStartElement("feed", Space);
        xml.WriteElementString("id", Space, AddressOf(id).ToString());
        xml.WriteElementString("title", Space, Plain(name));
        xml.WriteElementString("updated", Space, ActivityDocuments.Time(entries.Count == 0 ? DateTimeOffset.UnixEpoch : entries.Max(static entry => entry.Changed)));
        Link(xml, "self", AddressOf(id), "application/atom+xml");
        xml.WriteStartElement("author", Space);
        xml.WriteElementString("name", Space, Plain(name));
        xml.WriteEndElement();
        foreach (var (_, post, changed, _) in entries)
        {
            xml.WriteStartElement("entry", Space);
            xml.WriteElementString("id", Space, "urn:sharing:post:" + post.Key);
            xml.WriteElementString("title", Space, Plain(post.Resource.Name));
            xml.WriteElementString("published", Space, ActivityDocuments.Time(post.At));
            xml.WriteElementString("updated", Space, ActivityDocuments.Time(changed));
            xml.WriteElementString("content", Space, Plain(post.Text));
            Link(xml, "alternate", post.Link);
            Link(xml, "enclosure", post.Link, post.Resource.MediaType ?? "application/octet-stream", post.Resource.Length);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    static void Link(XmlWriter xml, string relation, Uri address, string? type = null, long? length = null)
    {
        xml.WriteStartElement("link", Space);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address.AbsoluteUri);
        if (type is not null)
        {
            xml.WriteAttributeString("type", Plain(type));
        }

        if (length is { } bytes)
        {
            xml.WriteAttributeString("length", bytes.ToString(CultureInfo.InvariantCulture));
        }

        xml.WriteEndElement();
    }

    /// <summary>A text without what XML 1.0 has no room for.</summary>
    static string Plain(string text) => string.Concat(text.EnumerateRunes().Where(static rune => rune.Value is '\t' or '\n' or '\r' or (>= 0x20 and not (0xFFFE or 0xFFFF))));

    internal static RecordKey PersonKey(PersonId person) => RecordKey.Of("feed-of", person.Value);

    internal static RecordKey FeedKey(string id) => RecordKey.Of("feed", id);
}
