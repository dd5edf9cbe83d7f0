namespace Sharing;

/// <summary>The stable codes of problems. Codes are only ever added.</summary>
public static class ProblemCodes
{
    /// <summary>There is no such thing, or it is not the caller's to see: the two answer alike.</summary>
    public const string NotFound = "not-found";

    /// <summary>The caller has not signed in, or his credentials are dead.</summary>
    public const string SignInRequired = "sign-in-required";

    /// <summary>The caller may see it, but not do this to it.</summary>
    public const string NotAllowed = "not-allowed";

    /// <summary>A value that was sent does not fit; the message names it.</summary>
    public const string InvalidInput = "invalid-input";

    /// <summary>The body is larger than is taken here.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The body is not of a media type that is taken here.</summary>
    public const string UnsupportedMediaType = "unsupported-media-type";

    /// <summary>A condition of the request does not hold (RFC 9110, 13.1): it is another version.</summary>
    public const string PreconditionFailed = "precondition-failed";

    /// <summary>The range asked for is not within the content.</summary>
    public const string RangeNotSatisfiable = "range-not-satisfiable";

    /// <summary>As many are served at once as may be; come again after a moment.</summary>
    public const string Busy = "busy";

    /// <summary>The same idempotency key was used for another request.</summary>
    public const string KeyReused = "idempotency-key-reused";

    /// <summary>Somebody else changed it in the meantime.</summary>
    public const string Conflict = "conflict";

    /// <summary>More than the limit; come again at the time named.</summary>
    public const string LimitReached = "limit-reached";

    /// <summary>An address that a user brought could not, or may not, be fetched. The reason is in the owner's log only.</summary>
    public const string FetchFailed = "fetch-failed";

    /// <summary>The origin's bytes changed while they were being fetched, more often than is put up with.</summary>
    public const string OriginChanged = "origin-changed";

    /// <summary>No source that is left can deliver the rest.</summary>
    public const string NoSource = "no-source";

    /// <summary>Bytes do not match the content id that they were asked by.</summary>
    public const string ContentMismatch = "content-mismatch";

    /// <summary>The bytes in the store are not what they were when they came; they are brought again if they are to be had elsewhere.</summary>
    public const string ContentDamaged = "content-damaged";

    /// <summary>The store takes no writes at present.</summary>
    public const string ReadOnly = "read-only";

    /// <summary>There is no room left.</summary>
    public const string NoSpace = "no-space";

    /// <summary>The caller's own room is used up; the server may have more.</summary>
    public const string QuotaExceeded = "quota-exceeded";

    /// <summary>The bytes do not begin where the upload stands: ask for its offset.</summary>
    public const string WrongOffset = "wrong-offset";

    /// <summary>The upload's bytes were not taken to their end: ask for its offset and go on from there.</summary>
    public const string UploadInterrupted = "upload-interrupted";

    /// <summary>The caller's upload stood for too long, and will be deleted or is.</summary>
    public const string UploadExpired = "upload-expired";

    /// <summary>The bytes that came do not fit their checksum; none of them counts.</summary>
    public const string ChecksumMismatch = "checksum-mismatch";

    /// <summary>A role that this host does not have was asked for.</summary>
    public const string RoleNotHere = "role-not-here";

    /// <summary>A program would have to be run to do this, and this host cannot confine it.</summary>
    public const string NotConfined = "not-confined";

    /// <summary>Something went wrong on this side.</summary>
    public const string Internal = "internal";
}
