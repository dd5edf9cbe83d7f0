using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A receiver of a message, as it is kept.</summary>
/// <param name="To">The network id as it was written.</param>
/// <param name="Person">Whom it means; <c>null</c>: nobody.</param>
/// <param name="IsRefused">Whether he takes nothing from the sender.</param>
sealed record StoredReceiver(string To, PersonId? Person, bool IsRefused)
{
    /// <summary>Where a receiver stood who was erased.</summary>
    public static StoredReceiver Erased { get; } = new(PersonalRecords.Nobody.Value, null, false);

    /// <summary>Why the server chose it for him.</summary>
    public string? Because { get; init; }

    /// <summary>Whether it goes into his inbox.</summary>
    [JsonIgnore]
    public bool Gets => Person is not null && !IsRefused;

    /// <summary>Whether it tells of a person, also of one whom nobody knew by his id.</summary>
    public bool Names(PersonId person) => Person == person || (Person is null && To == person.Value);
}
