#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

/* The user's choices that decisions depend on. README.md describes their inputs. The values are in
 * the order of the words there (config/inputs.c). */

enum create_issues { CREATE_ISSUES_OPEN, CREATE_ISSUES_ALL, CREATE_ISSUES_NONE };
enum create_pages { CREATE_PAGES_NONE, CREATE_PAGES_OPEN, CREATE_PAGES_ALL };
enum pulls { PULLS_NONE, PULLS_LINKED, PULLS_ALL };
enum link_comments { LINK_COMMENTS_ALL, LINK_COMMENTS_CREATED, LINK_COMMENTS_NONE };
enum sync_comments { SYNC_COMMENTS_NONE, SYNC_COMMENTS_TO_NOTION, SYNC_COMMENTS_BOTH };
enum sync_body { SYNC_BODY_BOTH, SYNC_BODY_TO_NOTION, SYNC_BODY_TO_GITHUB, SYNC_BODY_NONE };
enum policy { POLICY_GITHUB, POLICY_NOTION, POLICY_NEWEST };
enum pull_done { PULL_DONE_MERGE, PULL_DONE_AUTO_MERGE, PULL_DONE_CLOSE, PULL_DONE_NONE };
enum page_deleted { PAGE_DELETED_UNLINK, PAGE_DELETED_CLOSE };
enum issue_deleted { ISSUE_DELETED_UNLINK, ISSUE_DELETED_TRASH };

#endif
