using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;

namespace Sharing.S3;

/// <summary>What the store's errors mean for whoever reads or writes.</summary>
static class S3Faults
{
    /// <summary>Whether the store does not know how to do what was asked.</summary>
    public static bool IsUnknown(Exception? fault) => (fault as IOException)?.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed };

    /// <summary>Whether there is no such object, or upload.</summary>
    public static bool IsMissing(Exception? fault) => (fault as IOException)?.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };

    /// <summary>Whether it is the store's or the network's.</summary>
    public static bool IsFault(Exception fault) => fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException
        or TimeoutException or WebException or XmlException or FormatException;

    /// <summary>Whether the store has answered, and the object is not there or not as long as it must be: that is its state, and no outage.</summary>
    public static bool IsLost(Exception fault) => IsMissing(fault) || fault is OtherLengthException
        || (fault as IOException)?.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable };

    public static Exception Told(Exception fault, string what) => fault switch
    {
        AmazonServiceException { ErrorCode: "QuotaExceeded" or "InsufficientStorage" or "EntityTooLarge" or "XMinioStorageFull" } or AmazonServiceException { StatusCode: HttpStatusCode.InsufficientStorage } =>
            new SharingException(ProblemCodes.NoSpace, "There is no room left in the S3 store.", fault),
        AmazonServiceException { ErrorCode: "NoSuchBucket" } => new IOException($"{what}: there is no such bucket. Make it first, or see whether the address is right.", fault),
        AmazonServiceException { ErrorCode: "RequestTimeTooSkewed" or "RequestExpired" } => new IOException($"{what}: this machine's clock and the store's are too far apart.", fault),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } service =>
            new IOException($"{what}: the store does not let this host do it ({service.ErrorCode}).", fault),
        AmazonServiceException service => new IOException($"{what}: the store answered {(int)service.StatusCode} {service.ErrorCode}.", fault),
        OtherLengthException => fault,
        XmlException or FormatException => new IOException($"{what}: what answered is no S3 store.", fault),
        _ => new IOException($"{what}: the store could not be reached, or its answer was cut off.", fault),
    };
}

/// <summary>An object is longer or shorter than it must be.</summary>
sealed class OtherLengthException(string message) : IOException(message);
