using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Who may see a share. The owner always may.</summary>
public sealed record Audience
{
    /// <summary>The most people that can be named.</summary>
    public const int MaxNamed = 1000;

    /// <summary>The most groups that can be named.</summary>
    public const int MaxGroups = 20;

    /// <summary>The greatest length of a group's name.</summary>
    public const int MaxGroupName = 100;

    /// <summary>For the reader of stored and sent JSON; use the named audiences in code.</summary>
    /// <exception cref="ArgumentException">People or groups are named for another kind, or nobody or too many for <see cref="AudienceKind.Named"/>.</exception>
    [JsonConstructor]
    public Audience(AudienceKind kind, IReadOnlyList<PersonId>? people = null, IReadOnlyList<string>? groups = null)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentException("There is no such audience.", nameof(kind));
        }

        var (named, grouped) = (people?.Count ?? 0, groups?.Count ?? 0);
        if (kind == AudienceKind.Named ? named + grouped == 0 || named > MaxNamed || grouped > MaxGroups : named + grouped > 0)
        {
            throw new ArgumentException($"An audience of named people names up to {MaxNamed} and {MaxGroups} groups, and at least one; any other names none.", nameof(people));
        }

        if (groups?.Any(static group => group is not { Length: > 0 and <= MaxGroupName } || group.Any(char.IsControl)) == true)
        {
            throw new ArgumentException($"A group's name has 1 to {MaxGroupName} characters.", nameof(groups));
        }

        (Kind, People, Groups) = (kind, kind == AudienceKind.Named ? people ?? [] : null, grouped > 0 ? groups : null);
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

    /// <summary>The owner's groups that are named: those who belong to one while it is looked at, and are his friends; <c>null</c>: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Groups { get; }

    /// <summary>Only those in the owner's groups of these names.</summary>
    public static Audience OfGroups(params IReadOnlyList<string> groups) => new(AudienceKind.Named, null, groups);

    /// <summary>Only these people.</summary>
    public static Audience Of(params IReadOnlyList<PersonId> people) => new(AudienceKind.Named, people);

    /// <summary>Whether a viewer belongs to it: the one place where that is decided.</summary>
    /// <param name="owner">Whose share it is.</param>
    /// <param name="viewer">Who wants to see it; <c>null</c> for somebody who has not signed in.</param>
    /// <param name="viewerToOwner">How the viewer is related to the owner, seen from the viewer.</param>
    /// <param name="memberOf">Groups to which the viewer belongs, of those that the audience names at least.</param>
    public bool Covers(PersonId owner, PersonId? viewer, RelationshipKinds viewerToOwner, IReadOnlySet<GroupName>? memberOf = null) =>
        Kind == AudienceKind.Everyone
        || (!viewerToOwner.HasFlag(RelationshipKinds.BlockedBy) && viewer is { } person && (person == owner || Kind switch
        {
            AudienceKind.Named => People!.Contains(person)
                || (viewerToOwner.HasFlag(RelationshipKinds.Friend) && GroupsOf(owner).Any(group => memberOf?.Contains(group) == true)),
            AudienceKind.Friends => viewerToOwner.HasFlag(RelationshipKinds.Friend),
            AudienceKind.Followers => (viewerToOwner & (RelationshipKinds.Friend | RelationshipKinds.Follows)) != 0,
            _ => false,
        }));

    /// <summary>The groups that it names.</summary>
    public IEnumerable<GroupName> GroupsOf(PersonId owner) => (Groups ?? []).Select(name => new GroupName(owner, name));

    /// <summary>Whether <see cref="Covers"/> needs to know how the viewer is related to the owner.</summary>
    [JsonIgnore]
    public bool AsksRelationship => Kind != AudienceKind.Everyone;

    /// <inheritdoc/>
    public bool Equals(Audience? other) =>
        other is not null && Kind == other.Kind && (People ?? []).ToHashSet().SetEquals(other.People ?? [])
        && (Groups ?? []).ToHashSet(StringComparer.Ordinal).SetEquals(other.Groups ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, People?.Count ?? 0);
}
