using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Sharing.AspNetCore;

/// <summary>The id by which an answer is found in the log: a header and a field of the log, never a part of the body, so that bodies stay alike.</summary>
static class Trace
{
    public const string Header = "Trace-Id";

    /// <summary>The id of the trace (W3C Trace Context) that the request belongs to, or the server's own.</summary>
    public static string IdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
