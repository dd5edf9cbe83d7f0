using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Deletes contents that nothing refers to, after their grace.</summary>
sealed class ReferenceSweep(ContentReferences references, IOptions<SweepOptions> options) : ISweep
{
    public Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default) => references.SweepAsync(guard, options.Value, cancellationToken);
}
