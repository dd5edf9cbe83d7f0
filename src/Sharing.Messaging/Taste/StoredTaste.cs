namespace Sharing.Messaging;

/// <summary>What is kept of somebody's taste.</summary>
/// <param name="IsOff">Whether he wants none of it.</param>
/// <param name="Interests">By name.</param>
/// <param name="Pushed">What was pushed to him lately, and when.</param>
sealed record StoredTaste(bool IsOff, IReadOnlyDictionary<string, StoredInterest> Interests, IReadOnlyDictionary<string, DateTimeOffset> Pushed)
{
    public static StoredTaste None { get; } = new(false, new Dictionary<string, StoredInterest>(), new Dictionary<string, DateTimeOffset>());
}
