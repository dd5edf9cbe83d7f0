namespace Sharing.Core;

/// <summary>The graph of what people declared, where the host's own graph tells of more.</summary>
public sealed record DeclaredRelationships(IRelationshipGraph Graph);
