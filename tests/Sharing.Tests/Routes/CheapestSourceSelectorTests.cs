using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Routes;

[Trait("Row", "D5")]
public sealed class CheapestSourceSelectorTests : ChunkSourceSelectorSuite
{
    protected override IChunkSourceSelector Create() => new CheapestSourceSelector();
}

[Trait("Row", "D5")]
public sealed class CheapestSourceCostTests : ExplainingSelectorSuite
{
    protected override IExplainingSelector Create() => new CheapestSourceSelector();
}
