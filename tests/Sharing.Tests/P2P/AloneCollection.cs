namespace Sharing.Tests.P2P;

/// <summary>Tests that measure memory: nothing else runs in the process meanwhile.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
