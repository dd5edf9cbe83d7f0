using System.Security.Authentication;

namespace Sharing.Core;

/// <summary>Reads from a failure of the guarded client how far a request came.</summary>
public static class FetchFaults
{
    /// <summary>How far it came. What is not known counts as <see cref="FetchFault.Broken"/>.</summary>
    public static FetchFault Of(Exception failure)
    {
        var isInTime = true;
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case FetchRefusedException:
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError }:
                    return FetchFault.NotReached;
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return cause.InnerException is AuthenticationException ? FetchFault.Untrusted : FetchFault.NotReached;
                case TimeoutException or OperationCanceledException:
                    isInTime = false;
                    break;
            }
        }

        return isInTime ? FetchFault.Broken : FetchFault.TimedOut;
    }
}
