namespace Sharing.Offline;

/// <summary>Asks a network something while somebody waits for it: for a limited time.</summary>
static class NetworkQuestion
{
    /// <returns>The answer; or what went wrong, and what of it people are told.</returns>
    public static async Task<(T? Answer, (Exception Fault, string Told)? Trouble)> AskAsync<T>(
        string network, Func<CancellationToken, Task<T>> ask, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await ask(either.Token).WaitAsync(either.Token), null);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, (fault, fault is OperationCanceledException ? $"{network} did not answer in time." : $"{network} could not be asked now."));
        }
    }
}
