namespace Sharing.Core;

static class SourceFaults
{
    /// <summary>Runs what a source does, so that its faults are told from ours.</summary>
    public static async Task<T> FromSourceAsync<T>(Func<ValueTask<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken); // a cut read may end with any fault
        }
        catch (Exception e) when (e is not SourceFailedException)
        {
            throw e.InnerException as SourceFailedException ?? new SourceFailedException(e.Message, e, permanent: FetchFailures.IsFinal(e));
        }
    }
}
