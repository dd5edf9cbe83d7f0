using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Who may see a share. The owner always may.</summary>
public sealed record Audience
{
    /// <summary>The most people that can be named.</summary>
    public const int MaxNamed = 1000;

    /// <summary>For the reader of stored and sent JSON; use the named audiences in code.</summary>
    /// <exception cref="ArgumentException">People are named for another kind, or nobody or too many for <see cref="AudienceKind.Named"/>.</exception>
    [JsonConstructor]
    public Audience(AudienceKind kind, IReadOnlyList<PersonId>? people = null)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentException("There is no such audience.", nameof(kind));
        }

        if (kind == AudienceKind.Named ? people is not { Count: > 0 and <= MaxNamed } : people is { Count: > 0 })
        {
            throw new ArgumentException($"An audience of named people names 1 to {MaxNamed}; any other names none.", nameof(people));
        }

        (Kind, People) = (kind, kind == AudienceKind.Named ? people : null);
    }

    /// <summary>Everyone, signed in or not.</summary>
    public static Audience Everyone { get; } = new(AudienceKind.Everyone);

    /// <summary>The owner's friends and followers.</summary>
    public static Audience Followers { get; } = new(AudienceKind.Followers);

    /// <summary>The owner's friends.</summary>
    public static Audience Friends { get; } = new(AudienceKind.Friends);

    /// <summary>The kind.</summary>
    public AudienceKind Kind { get; }

    /// <summary>The people named; <c>null</c> for the other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PersonId>? People { get; }

    /// <summary>Only these people.</summary>
    public static Audience Of(params IReadOnlyList<PersonId> people) => new(AudienceKind.Named, people);

    /// <summary>Whether a viewer belongs to it: the one place where that is decided.</summary>
    /// <param name="owner">Whose share it is.</param>
    /// <param name="viewer">Who wants to see it; <c>null</c> for somebody who has not signed in.</param>
    /// <param name="viewerToOwner">How the viewer is related to the owner, seen from the viewer.</param>
    public bool Covers(PersonId owner, PersonId? viewer, RelationshipKinds viewerToOwner) =>
        Kind == AudienceKind.Everyone
        || (!viewerToOwner.HasFlag(RelationshipKinds.BlockedBy) && viewer is { } person && (person == owner || Kind switch
        {
            AudienceKind.Named => People!.Contains(person),
            AudienceKind.Friends => viewerToOwner.HasFlag(RelationshipKinds.Friend),
            AudienceKind.Followers => (viewerToOwner & (RelationshipKinds.Friend | RelationshipKinds.Follows)) != 0,
            _ => false,
        }));

    /// <summary>Whether <see cref="Covers"/> needs to know how the viewer is related to the owner.</summary>
    [JsonIgnore]
    public bool AsksRelationship => Kind != AudienceKind.Everyone;

    /// <inheritdoc/>
    public bool Equals(Audience? other) =>
        other is not null && Kind == other.Kind && (People ?? []).ToHashSet().SetEquals(other.People ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, People?.Count ?? 0);
}
