using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>What is kept of a message, once for all receivers.</summary>
/// <param name="From">Who sent it; <c>null</c>: the server.</param>
/// <param name="Kind">How it came to be.</param>
/// <param name="Sent">When.</param>
/// <param name="Until">How long it is kept.</param>
/// <param name="Resource">What it brings.</param>
/// <param name="To">Its receivers, in the order of the draft.</param>
sealed record StoredMessage(PersonId? From, MessageKind Kind, DateTimeOffset Sent, DateTimeOffset Until, MessageResource Resource, IReadOnlyList<StoredReceiver> To)
{
    public string? Text { get; init; }

    /// <summary>The bytes that are kept for it; <c>null</c>: none.</summary>
    public ContentInfo? Held { get; init; }

    /// <summary>The upload whose reference keeps the bytes; <c>null</c>: the message's own does.</summary>
    public string? Upload { get; init; }

    /// <summary>The sender's own name for it.</summary>
    public string? Key { get; init; }

    /// <summary>The item that it came from.</summary>
    public CatalogItemId? Item { get; init; }

    /// <summary>Whether the bytes count as the sender's.</summary>
    [JsonIgnore]
    public bool Counts => From is not null && Held is not null && Item is null;

    /// <summary>Whether it tells of a person.</summary>
    public bool Names(PersonId person) => From == person || To.Any(to => to.Names(person));

    /// <summary>What stays of it in others' inboxes once its sender was erased.</summary>
    public StoredMessage WithoutSender() => new(PersonalRecords.Nobody, Kind, Sent, Until, new() { Name = PersonalRecords.Nobody.Value }, []);

    public Message Show(MessageId id, InboxEntry entry, long number) => new()
    {
        Id = id, Number = number, Kind = Kind, From = From, Sent = Sent, Resource = Resource, Text = Text, Because = entry.Because,
    };
}
