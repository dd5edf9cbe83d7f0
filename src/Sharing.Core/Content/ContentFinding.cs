namespace Sharing.Core;

/// <summary>Something that an audit found.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Content">The content.</param>
/// <param name="What">In words for an operator.</param>
public readonly record struct ContentFinding(ContentFindingKind Kind, ContentId Content, string What);
