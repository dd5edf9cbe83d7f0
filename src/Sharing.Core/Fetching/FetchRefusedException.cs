namespace Sharing.Core;

/// <summary>A fetch that is forbidden, or that went over a limit: trying again changes nothing. For the owner's log only.</summary>
sealed class FetchRefusedException(string reason) : Exception(reason)
{
    /// <summary>The refusal that caused an exception, or <c>null</c>.</summary>
    public static FetchRefusedException? Within(Exception? exception)
    {
        while (exception is not null and not FetchRefusedException)
        {
            exception = exception.InnerException;
        }

        return (FetchRefusedException?)exception;
    }
}
