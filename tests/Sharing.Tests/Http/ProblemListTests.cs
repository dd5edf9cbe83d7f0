using System.Reflection;
using System.Text;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Http;

public sealed class ProblemListTests
{
    [Fact]
    public void The_page_of_problems_is_the_list_that_the_server_answers_by()
    {
        var page = new StringBuilder();
        page.Append("# Problems\n\nEvery refusal is a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status` and, where there is more to\n");
        page.Append($"say, `detail`. The type is `{ProblemBody.TypePrefix}` and a code of this list; codes are only ever added. Clients go by the type: several codes share a\n");
        page.Append("status. \"Not there\" and \"not yours\" are the same bytes. This page is made by a test.\n\n| code | status | title |\n|---|---|---|\n");
        foreach (var (code, (status, title)) in ProblemList.All)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{code}` | {status} | {title} |\n");
        }

        Repository.ShouldBeApproved("docs/problems.md", page.ToString());
    }

    [Fact]
    public void Every_code_has_a_status_and_a_title()
    {
        var codes = typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(codes.Order(StringComparer.Ordinal), ProblemList.All.Keys);
        Assert.All(ProblemList.All.Values, problem => Assert.InRange(problem.Status, 400, 599));
    }
}
