namespace Sharing.Messaging;

/// <summary>One for whom something is.</summary>
/// <param name="Person">Who.</param>
/// <param name="Because">Why, as a sentence that he is shown.</param>
public sealed record AudienceChoice(PersonId Person, string Because);
